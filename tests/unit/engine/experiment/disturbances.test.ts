import { describe, expect, it } from 'vitest';
import { findDisturbances } from '../../../../src/engine/experiment/disturbances.ts';
import { readMachineCounters } from '../../../../src/engine/experiment/machine-counters.ts';
import type { RunObservation } from '../../../../src/engine/experiment/run-observation.ts';

/** A second of a run that kept one of two cores busy, alone on the machine. */
const quiet: RunObservation = {
  samples: 10,
  spanMs: 1000,
  runCpuMs: 1000,
  ownCpuMs: 20,
  busyMs: 1040,
  stolenMs: 0,
  coreCount: 2,
  runnableMs: 5,
  runnableKnownShare: 1,
  throttledMs: Number.NaN,
  missedTicks: 0,
  voluntarySwitches: 3,
  involuntarySwitches: 4,
  majorFaults: 0,
  countedUntilMs: 900,
};
const nothing = { thermalThrottles: null, swappedPages: null };
const zero = { thermalThrottles: 7, swappedPages: 100 };

describe('a run', () => {
  it('that was alone was not disturbed', () => {
    expect(findDisturbances(quiet, 1000, zero, zero)).toEqual([]);
    expect(findDisturbances(quiet, null, nothing, nothing)).toEqual([]);
    expect(findDisturbances(null, null, nothing, zero)).toEqual([]);
  });

  it('was disturbed by what the cores did beyond it and Corescope', () => {
    expect(findDisturbances({ ...quiet, busyMs: 1900 }, 1000, zero, zero)).toEqual([
      { kind: 'background-load', detail: 'Other programs kept 0.88 cores busy.' },
    ]);
  });

  it('is not blamed on others for CPU time that only the kernel saw: its shortest-lived processes', () => {
    expect(findDisturbances({ ...quiet, runCpuMs: 100 }, 1000, zero, zero)).toEqual([]);
    expect(findDisturbances({ ...quiet, runCpuMs: 100 }, null, zero, zero)).toHaveLength(1);
  });

  it('that was too short to tell is left in peace', () => {
    expect(findDisturbances({ ...quiet, spanMs: 300, busyMs: 600, runCpuMs: 0 }, 0, zero, zero)).toEqual([]);
  });

  it('is flagged for stolen time, heat, swapping and missed samples, each in a sentence', () => {
    const found = findDisturbances({ ...quiet, stolenMs: 100, missedTicks: 1 }, 1000, zero, {
      thermalThrottles: 9,
      swappedPages: 1100,
    });
    expect(found.map(({ detail }) => detail)).toEqual([
      "The hypervisor gave 5 % of the cores' time to other machines.",
      'Cores were slowed down 2 times because they were too hot.',
      'The machine moved 4.10 MB to swap or back.',
      '1 sample was not taken in time: peaks may be missing.',
    ]);
  });
});

describe('the counters of the machine', () => {
  const files: Readonly<Record<string, string>> = {
    '/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count': '3\n',
    '/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count': '4\n',
    '/proc/vmstat': 'pgpgin 1\npswpin 20\npswpout 5\n',
  };

  it('are added up over the cores', () => {
    expect(readMachineCounters((path) => files[path] ?? null, ['cpu0', 'cpu1', 'cpu2'])).toEqual({
      thermalThrottles: 7,
      swappedPages: 25,
    });
  });

  it('are unknown where the files are not there', () => {
    expect(readMachineCounters(() => null, ['cpu0'])).toEqual({ thermalThrottles: null, swappedPages: null });
  });
});
