import type { FrameHeader } from './sample.ts';

/**
 * What to say of a sampler that backs off because of its own cost (the rule stands in `engine/sampler/pace.ts`); null
 * while it keeps the rate that was asked for.
 */
export function describeSlowedSampling(
  header: Pick<FrameHeader, 'requestedEveryMs' | 'everyMs'>,
): string | null {
  const { requestedEveryMs, everyMs } = header;
  if (!(everyMs > requestedEveryMs)) return null;
  return `sampling slowed to ${showHz(everyMs)} of ${showHz(requestedEveryMs)} Hz: its own cost was over its budget`;
}

function showHz(everyMs: number): string {
  return String(Number((1000 / everyMs).toPrecision(2)));
}
