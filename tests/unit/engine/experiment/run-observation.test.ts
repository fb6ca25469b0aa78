import { describe, expect, it } from 'vitest';
import { observeRun } from '../../../../src/engine/experiment/run-observation.ts';
import { drawnEntity, drawnFrame } from '../../../support/drawn-frame.ts';

const hostPid = 100;

const entities = new Map(
  [0, 1].map((key) => [key, drawnEntity({ key, pid: hostPid + key, rootPid: hostPid })]),
);

/** Frames drawn one a line: the time, then of each process the share of the time that it stood in line. */
function observe(drawing: string): { readonly runnableMs: number; readonly knownShare: number } {
  const observer = observeRun(hostPid, 0);
  for (const line of drawing.trim().split('\n')) {
    const [at = '', ...waits] = line.trim().split(/\s+/);
    observer.add(
      drawnFrame({
        atMs: Number(at),
        keys: Float64Array.from(waits.keys()),
        cpuShare: Float64Array.from(waits, () => 0.5),
        waitShare: Float64Array.from(waits, (wait) => (wait === '-' ? Number.NaN : Number(wait))),
      }),
      entities,
    );
  }
  const { runnableMs, runnableKnownShare } = observer.result();
  return { runnableMs, knownShare: runnableKnownShare };
}

describe('the time that a run stood in line for cores', () => {
  it('is summed over its processes, and says of how much of their time it is known', () => {
    const seen = observe(`
      100 -
      200 -    -
      300 0.5  -
      500 0.25 0.75`);
    // 0.5 · 100 + (0.25 + 0.75) · 200, of 100 + 2 · 100 + 2 · 100 + 2 · 200 ms of processes.
    expect(seen).toEqual({ runnableMs: 250, knownShare: 500 / 900 });
  });

  it('is unknown where it was never known', () => {
    expect(observe('100 -\n 200 -')).toEqual({ runnableMs: Number.NaN, knownShare: 0 });
    expect(observeRun(hostPid, 0).result().runnableKnownShare).toBe(0);
  });
});
