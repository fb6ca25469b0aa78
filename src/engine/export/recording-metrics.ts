import { metricsText } from './openmetrics.ts';
import type { RecordingFormat } from './recording-export.ts';

/** The last sample of a recording, as `corescope serve --metrics` would have told it. */
export const openMetricsFormat: RecordingFormat = {
  extension: '.prom',
  description: 'OpenMetrics text of the last sample',
  *write(source) {
    const { span, entities, manifest, recording } = source;
    let last = null;
    // Only its last seconds are read.
    for (const frame of recording.frames({
      fromMs: Math.max(span.fromMs, span.toMs - 10_000),
      toMs: span.toMs,
    })) {
      last = frame;
    }
    yield metricsText(last, entities, manifest?.corescopeVersion ?? 'unknown', 'openmetrics');
  },
};
