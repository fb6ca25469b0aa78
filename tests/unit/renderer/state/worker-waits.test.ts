import { describe, expect, it } from 'vitest';
import { WorkerWaits } from '../../../../src/renderer/state/worker-waits.ts';
import type { WorkerInfo } from '../../../../src/shared/experiment-event.ts';
import type { SampleFrame } from '../../../../src/shared/sample.ts';
import { drawnFrame } from '../../../support/drawn-frame.ts';
import { drawnEntities } from '../../../support/drawn-tree.ts';

const entities = drawnEntities(`
  1 process 10 - run node
  2 process 11 1 run node
  3 process 12 1 run node
  4 process 20 - run node
`);
const workers: WorkerInfo[] = [
  { index: 0, name: 'worker 1', pid: 11, tid: null, kind: 'process' },
  { index: 1, name: 'worker 2', pid: 12, tid: null, kind: 'process' },
  { index: 0, name: 'worker 1', pid: 20, tid: 20, kind: 'main' },
];

/** `key cpu wait`, one row each. */
function frame(rows: readonly (readonly [number, number, number])[], changes: Partial<SampleFrame> = {}) {
  return drawnFrame({
    keys: Float64Array.from(rows, ([key]) => key),
    cpuShare: Float64Array.from(rows, ([, cpu]) => cpu),
    waitShare: Float64Array.from(rows, ([, , wait]) => wait),
    ...changes,
  });
}

describe("where the workers' time goes", () => {
  it('is the mean over the run, each sample for as long as it stands for', () => {
    const waits = new WorkerWaits();
    waits.receive(
      frame(
        [
          [2, 1, 0],
          [3, 0.5, 0.25],
        ],
        { everyMs: 100 },
      ),
      1,
      entities,
      workers,
    );
    waits.receive(
      frame(
        [
          [2, 0.25, 0.5],
          [3, 0.5, 0.25],
        ],
        { everyMs: 200 },
      ),
      1,
      entities,
      workers,
    );
    expect(waits.list()).toEqual([
      {
        key: 2,
        name: 'worker 1',
        breakdown: { running: 0.5, waiting: 1 / 3, throttled: Number.NaN, blocked: 1 - 0.5 - 1 / 3 },
      },
      {
        key: 3,
        name: 'worker 2',
        breakdown: { running: 0.5, waiting: 0.25, throttled: Number.NaN, blocked: 0.25 },
      },
    ]);
  });

  it('tells what a quota held back from what waited for a core', () => {
    const waits = new WorkerWaits();
    waits.receive(frame([[2, 0.25, 0.75]], { throttledShare: 0.5 }), 1, entities, workers);
    expect(waits.list()[0]?.breakdown).toEqual({ running: 0.25, waiting: 0.25, throttled: 0.5, blocked: 0 });
  });

  it('leaves out samples that know nothing, and says n/a where none ever did', () => {
    const waits = new WorkerWaits();
    waits.receive(frame([[2, Number.NaN, Number.NaN]]), 1, entities, workers);
    expect(waits.list()[0]?.breakdown.running).toBeNaN();
    waits.receive(frame([[2, 0.5, Number.NaN]]), 1, entities, workers);
    expect(waits.list()[0]?.breakdown).toMatchObject({ running: 0.5, waiting: Number.NaN });
  });

  it('stays when the run has ended, and begins anew with the next', () => {
    const waits = new WorkerWaits();
    waits.receive(frame([[2, 1, 0]]), 1, entities, workers);
    waits.receive(frame([]), null, entities, workers);
    expect(waits.list().map(({ key }) => key)).toEqual([2]);
    waits.receive(frame([[4, 1, 0]]), 4, entities, workers);
    expect(waits.list().map(({ key, name }) => [key, name])).toEqual([[4, 'worker 1']]);
  });
});
