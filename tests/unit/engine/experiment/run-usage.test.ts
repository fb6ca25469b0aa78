import { describe, expect, it } from 'vitest';
import type { RunObservation } from '../../../../src/engine/experiment/run-observation.ts';
import { createWorkerTimes, describeUsage } from '../../../../src/engine/experiment/run-usage.ts';

const observation: RunObservation = {
  samples: 10,
  spanMs: 1000,
  runCpuMs: 900,
  ownCpuMs: 20,
  busyMs: 1040,
  stolenMs: 0,
  coreCount: 2,
  runnableMs: 100,
  runnableKnownShare: 1,
  throttledMs: 200,
  missedTicks: 0,
  voluntarySwitches: 3,
  involuntarySwitches: 4,
  majorFaults: 0,
  countedUntilMs: 5900,
};
const run = {
  observation,
  atWorkMs: [500, 900, 700],
  workers: 2,
  wallMs: 1000,
  cpuSeconds: 0.9,
  startMs: 5000,
  hasQuota: false,
  usableCores: 2,
  treeCpuMs: null,
};

describe("the workers' time", () => {
  it('that is neither work nor queueing is waiting', () => {
    expect(describeUsage(run)).toEqual({
      voluntarySwitches: 3,
      involuntarySwitches: 4,
      majorFaults: 0,
      runnableMs: 100,
      throttledMs: 0,
      blockedMs: 2 * 1000 - 900 - 100,
      slowestWorkerMs: 900,
      medianWorkerMs: 700,
    });
  });

  it('that a quota held back counts for every worker, and not as waiting', () => {
    expect(describeUsage({ ...run, hasQuota: true })).toMatchObject({ throttledMs: 400, blockedMs: 600 });
  });

  it('is unknown where too few samples fell into the run or a part of it is unknown', () => {
    const unknown = { runnableMs: null, blockedMs: null, voluntarySwitches: null };
    expect(describeUsage({ ...run, observation: { ...observation, samples: 2 } })).toMatchObject(unknown);
    expect(describeUsage({ ...run, observation: null })).toMatchObject(unknown);
    expect(describeUsage({ ...run, cpuSeconds: null })).toMatchObject({ runnableMs: 100, blockedMs: null });
    const noWait = { ...observation, runnableMs: Number.NaN, runnableKnownShare: 0 };
    expect(describeUsage({ ...run, observation: noWait, workers: 3 })).toMatchObject({
      runnableMs: null,
      blockedMs: null,
    });
  });

  it('in line for cores that is known of most of the run stands for the rest of it', () => {
    const partly = { ...observation, runnableMs: 80, runnableKnownShare: 0.8 };
    expect(describeUsage({ ...run, observation: partly })).toMatchObject({
      runnableMs: 100,
      blockedMs: 1000,
    });
  });

  it('that was waiting is known where others used too little for workers with a core each to stand in line', () => {
    const short = { ...observation, runnableMs: 0, runnableKnownShare: 0.5 };
    // Cores were busy for 1040 ms, of which the run had 900.
    expect(describeUsage({ ...run, observation: short })).toMatchObject({
      runnableMs: null,
      blockedMs: 2000 - 900 - 140,
    });
    expect(describeUsage({ ...run, observation: short, treeCpuMs: 1000 }).blockedMs).toBe(2000 - 900 - 40);
    expect(describeUsage({ ...run, observation: { ...short, stolenMs: 30 } }).blockedMs).toBe(930);
    expect(describeUsage({ ...run, observation: { ...short, busyMs: 1200 } }).blockedMs).toBe(
      2000 - 900 - 300,
    );
    expect(describeUsage({ ...run, observation: { ...short, busyMs: 1201 } }).blockedMs).toBeNull();
    expect(describeUsage({ ...run, observation: short, usableCores: 1 }).blockedMs).toBeNull();
    expect(describeUsage({ ...run, observation: short, usableCores: null }).blockedMs).toBeNull();
  });

  it('is never less than none, and no more of it is queueing than they did not work', () => {
    expect(describeUsage({ ...run, cpuSeconds: 3 })).toMatchObject({ runnableMs: 0, blockedMs: 0 });
    const busy = { ...observation, runnableMs: 2500 };
    expect(describeUsage({ ...run, observation: busy })).toMatchObject({ runnableMs: 1100, blockedMs: 0 });
  });

  it('has no switches that were counted long before the end', () => {
    const early = { ...observation, countedUntilMs: 5700 };
    expect(describeUsage({ ...run, observation: early })).toMatchObject({
      voluntarySwitches: null,
      runnableMs: 100,
    });
  });
});

describe('the time that a worker is at work', () => {
  it('runs from its first task to the end of its last, in whatever order they are told', () => {
    const times = createWorkerTimes();
    times.finished(1, 30);
    times.started(1, 10);
    times.started(1, 20);
    times.finished(1, 20);
    times.started(0, 12);
    times.started(null, 1);
    times.finished(null, 99);
    expect(times.atWorkMs()).toEqual([20]);
  });
});
