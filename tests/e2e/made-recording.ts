import { createSyntheticStream } from '../../bench/recording/synthetic-stream.ts';
import { createRecorder } from '../../src/engine/recording/recorder.ts';

export interface MadeRecording {
  readonly title: string;
  readonly cores: number;
  readonly processes: number;
  readonly ticks: number;
  readonly seed?: number;
  readonly workload?: string;
}

/** A real recording file of made-up samples at 10 Hz, with a phase `load` in its middle third and a hostile marker. */
export function makeRecording(path: string, size: MadeRecording): void {
  const { title, cores, processes, ticks, seed = 1, workload = 'count-loop' } = size;
  const clock = { atMs: 0, nowMs: () => clock.atMs };
  const created = createRecorder({
    path,
    facts: {
      corescopeVersion: '0.0.0-test',
      title,
      startedUnixMs: 1_760_000_000_000,
      requestedEveryMs: 100,
      workload,
      strategy: 'threads',
      workers: cores,
    },
    clock,
    startTimer: () => () => undefined,
  });
  if (!created.ok) throw new Error(created.problem.message);
  const recorder = created.value;
  const stream = createSyntheticStream({ seed, cores, processes, everyMs: 100 });
  for (let tick = 0; tick < ticks; tick += 1) {
    clock.atMs = tick * 100;
    for (const message of stream.next()) recorder.receive(message);
  }
  const third = (ticks * 100) / 3;
  recorder.addMarker({ kind: 'begin', name: 'load', values: {} }, { atMs: third });
  const hostile = '<img src=x onerror="document.title=1">';
  recorder.addMarker({ kind: 'marker', name: hostile, values: {} }, { atMs: 1.5 * third });
  recorder.addMarker({ kind: 'end', name: 'load', values: {} }, { atMs: 2 * third });
  const closed = recorder.close();
  if (!closed.ok) throw new Error(closed.problem.message);
}
