import { describe, expect, it } from 'vitest';
import { createBusyLog } from '../../../bench/accuracy/busy-log.ts';
import { exactTruthErrors, readBetween } from '../../../bench/accuracy/exact-truth.ts';
import { openTaskClock } from '../../../bench/accuracy/task-clock.ts';
import { type Checkpoint, establishTruth, isExact } from '../../../bench/accuracy/truth.ts';

function at(atMs: number, clockMs: number): Checkpoint {
  return { atMs, clockMs, burnerMs: clockMs, coreMs: Number.NaN };
}

/** Busy 4 of every 10 ms by its own account, from 0 to 100. */
const edges = Array.from({ length: 11 }, (_, period) => [period * 10, period * 10 + 4]).flat();

describe('the truth of a clock that is right at any instant', () => {
  it('agrees with the clock at its checkpoints, and between them goes as the burner’s account does', () => {
    // By its clock it used 5 ms of the first period, and 4 of the next.
    const truth = establishTruth(edges, [at(0, 100), at(10, 105), at(20, 109)], true);
    expect(truth.busyBetween(0, 10)).toBe(5);
    expect(truth.busyBetween(0, 2)).toBe(2.5);
    expect(truth.busyBetween(4, 10)).toBe(0);
    expect(truth.busyBetween(10, 12)).toBe(2);
  });

  it('also in the middle of work', () => {
    const truth = establishTruth([0, 100], [at(10, 0), at(20, 10), at(30, 15), at(40, 25)], false);
    expect(truth.busyBetween(20, 30)).toBe(5);
    expect(truth.busyBetween(30, 35)).toBe(5);
  });

  it('goes evenly where the account says nothing, and is not known outside the checkpoints', () => {
    const usedUntil = readBetween(createBusyLog([0, 4]), [at(10, 8), at(20, 10)]);
    expect(usedUntil(15)).toBe(9);
    expect(usedUntil(9)).toBeNaN();
    expect(usedUntil(20)).toBe(10);
    expect(usedUntil(21)).toBeNaN();
  });

  it('finds its own error at checkpoints that it was not made from', () => {
    const even = Array.from({ length: 9 }, (_, index) => at(index * 10 + 2, index * 4 + 2));
    expect(exactTruthErrors(edges, even, 20)).toEqual([0, 0, 0]);
    const odd = even.map((checkpoint, index) =>
      index === 3 ? at(checkpoint.atMs, checkpoint.clockMs + 1) : checkpoint,
    );
    expect(exactTruthErrors(edges, odd, 20)).toEqual([-5, 5, 0]);
  });

  it('is used only where every checkpoint has it', () => {
    expect(isExact([at(0, 1), at(1, 2)])).toBe(true);
    expect(isExact([at(0, 1), at(1, Number.NaN)])).toBe(false);
    expect(isExact([])).toBe(false);
  });

  it('counts this thread at least as much as the kernel says it ran', (test) => {
    const clock = openTaskClock(process.pid);
    if (clock === null) return test.skip('no perf events here');
    const startMs = clock.readMs();
    const { user, system } = process.cpuUsage();
    const endMs = performance.now() + 30;
    while (performance.now() < endMs);
    const grownMs = clock.readMs() - startMs;
    clock.close();
    const used = process.cpuUsage({ user, system });
    expect(grownMs).toBeGreaterThan(0);
    // Other threads of this process are in the latter, and never less than none.
    expect(grownMs).toBeLessThanOrEqual((used.user + used.system) / 1000 + 30);
  });
});
