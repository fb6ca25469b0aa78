import { describe, expect, it } from 'vitest';
import { findCause } from '../../../../../src/engine/analysis/matrix/causes.ts';
import type { Evidence } from '../../../../../src/engine/analysis/matrix/evidence.ts';
import { estimate, evidence, witness } from './drawn-evidence.ts';

/** All that the rules before "cores" ask for is known, and speaks against them. */
const quiet: Partial<Evidence> = {
  startupShare: 0.02,
  messageShare: 0.01,
  runnableShare: 0.02,
  throttledShare: 0,
  blockedShare: 0.02,
  majorFaultsPerSecond: 0,
  memoryShare: 0.05,
  stragglerRatio: 1.05,
  stragglerShare: 0.04,
  serialCores: 1,
  workMs: 900,
  workSpeedup: 1,
  leastWorkCpuRatio: 1.02,
};
const noGain = estimate('1.01 (0.98 to 1.04)');
const cpython = { name: 'CPython', gilEnabled: true };

describe('work that computes', () => {
  it('scales where cores are busy and the time is shorter', () => {
    const finding = findCause(evidence({ ...quiet, cores: 3.9, speedup: estimate('3.8 (3.7 to 3.9)') }));
    expect(finding).toEqual({
      cause: 'cores',
      because: 'it keeps 3.90 cores busy where serial keeps 1.00',
      evidence: ['threads × 4 kept 3.90 cores busy and was 3.80 times as fast as serial.'],
      missing: [],
    });
  });

  it('scales under an interpreter lock too where the lock was let go, as hashing of large buffers does', () => {
    const known = { cores: 3.8, speedup: estimate('3.7 (3.6 to 3.8)'), interpreter: cpython };
    const peer = witness('processes × 4', 3.9, '0.99 (0.97 to 1.01)');
    expect(findCause(evidence({ ...quiet, ...known, separatePeer: peer })).cause).toBe('cores');
  });

  it('is not said to scale where cores were busy and the time is no shorter', () => {
    expect(findCause(evidence({ ...quiet, cores: 3.9, speedup: noGain })).cause).toBe('unclear');
  });

  it('is judged by what the tasks allow: three tasks on four workers are at most three times as fast', () => {
    const known = { tasks: 3, cores: 1.9, speedup: estimate('1.9 (1.8 to 2.0)') };
    expect(findCause(evidence({ ...quiet, ...known })).cause).toBe('cores');
    expect(findCause(evidence({ ...quiet, ...known, tasks: 16 })).cause).toBe('unclear');
  });
});

describe("the interpreter's lock", () => {
  const locked = {
    ...quiet,
    interpreter: cpython,
    cores: 1.01,
    blockedShare: 0.74,
    speedup: noGain,
    separatePeer: witness('processes × 4', 3.8, '3.6 (3.5 to 3.7)'),
  };

  it('is named where threads stay at one core and processes do not', () => {
    const finding = findCause(evidence(locked));
    expect(finding.cause).toBe('gil');
    expect(finding.evidence).toEqual([
      'CPython said that its global interpreter lock was on while the work ran.',
      'threads × 4 kept 1.01 cores busy; the same work as processes × 4 kept 3.80 busy and was 3.60 times as ' +
        'fast (95 % interval 3.50 to 3.70).',
    ]);
  });

  it('is not named without a witness, and says what is missing', () => {
    const finding = findCause(evidence({ ...locked, separatePeer: null }));
    expect(finding.cause).toBe('unclear');
    expect(finding.missing).toContain(
      'No strategy without a shared interpreter was measured with as many workers.',
    );
  });

  it('is not named where processes are no faster either, or where it was off', () => {
    const peer = witness('processes × 4', 3.8, '1.01 (0.97 to 1.05)');
    expect(findCause(evidence({ ...locked, separatePeer: peer })).cause).toBe('unclear');
    const free = { name: 'CPython', gilEnabled: false };
    expect(findCause(evidence({ ...locked, interpreter: free })).cause).toBe('lock');
  });

  it('is not named for workers that have an interpreter each', () => {
    expect(findCause(evidence({ ...locked, sharesInterpreter: false })).cause).not.toBe('gil');
  });
});

describe('waiting', () => {
  it('at the same time is why sleeping workers are faster', () => {
    const known = { ...quiet, serialCores: 0.01, cores: 0.05, blockedShare: 0.98 };
    expect(findCause(evidence({ ...known, speedup: estimate('3.98 (3.97 to 3.99)') })).cause).toBe('waiting');
  });

  it('is not what work did that got a quarter of a core because others had the rest', () => {
    const starved = { ...quiet, serialCores: 0.22, cores: 0.5, speedup: estimate('1.18 (1.10 to 1.27)') };
    expect(findCause(evidence({ ...starved, serialBlockedShare: 0 })).cause).toBe('unclear');
    expect(findCause(evidence({ ...starved, serialBlockedShare: 0.6 })).cause).toBe('waiting');
    expect(findCause(evidence({ ...starved, serialCores: 0.04, serialBlockedShare: 0 })).cause).toBe(
      'waiting',
    );
    expect(findCause(evidence({ ...starved, serialBlockedShare: null }))).toMatchObject({
      cause: 'unclear',
      missing: ['Whether serial work waited, or stood in line for a core, is not known.'],
    });
  });

  it('for one another is named where computing workers are blocked and no faster', () => {
    const finding = findCause(evidence({ ...quiet, cores: 1, blockedShare: 0.75, speedup: noGain }));
    expect(finding).toMatchObject({
      cause: 'lock',
      evidence: [
        "threads × 4 was blocked for 75 % of its workers' time and kept 1.00 cores busy, where serial keeps 1.00.",
        'It was 1.01 times as fast as serial (95 % interval 0.98 to 1.04).',
      ],
    });
  });

  it('for one another is named, too, where they are a little faster and nothing explains it', () => {
    const known = { ...quiet, cores: 1, blockedShare: 0.75, speedup: estimate('1.10 (1.02 to 1.19)') };
    expect(findCause(evidence({ ...known, isGainDoubtful: true })).cause).toBe('lock');
    expect(findCause(evidence({ ...known, isGainDoubtful: false })).cause).toBe('unclear');
  });

  it('is not named where nobody knows how long workers were blocked', () => {
    const finding = findCause(evidence({ ...quiet, cores: 1, blockedShare: null, speedup: noGain }));
    expect(finding.cause).toBe('unclear');
    expect(finding.missing).toEqual(['How long workers were blocked is not known.']);
  });
});

describe('limits of the machine', () => {
  const onQuota = { ...evidence({}).limits, usableCores: 1, quotaCores: 1 };

  it('a quota is named before all else where it held workers back', () => {
    const known = {
      ...quiet,
      limits: onQuota,
      workers: 2,
      cores: 1,
      throttledShare: 0.48,
      blockedShare: 0.5,
    };
    expect(findCause(evidence({ ...known, speedup: noGain }))).toMatchObject({
      cause: 'throttled',
      evidence: [
        'The quota is 1.00 cores for 2 workers.',
        "threads × 4 was held back by the quota for 48 % of its workers' time.",
      ],
    });
  });

  it('a quota that nobody ran into is no cause, and one that nobody watched is missing', () => {
    const known = { ...quiet, limits: onQuota, workers: 2, cores: 1, speedup: noGain };
    expect(findCause(evidence({ ...known, throttledShare: 0.01 })).cause).toBe('unclear');
    expect(findCause(evidence({ ...known, throttledShare: null })).missing).toEqual([
      'How long the quota held the workers back is not known.',
    ]);
  });

  it('too many workers are named where they stand in line and are no faster than fewer', () => {
    const known = { ...quiet, workers: 8, name: 'threads × 8', cores: 3.9, runnableShare: 0.5 };
    const speedup = estimate('3.6 (3.5 to 3.7)');
    const even = witness('threads × 4', 3.9, '1.02 (0.99 to 1.05)');
    expect(findCause(evidence({ ...known, speedup, withinCores: even })).cause).toBe('oversubscribed');
    const better = witness('threads × 4', 3.9, '0.80 (0.78 to 0.82)');
    expect(findCause(evidence({ ...known, speedup, withinCores: better })).cause).toBe('cores');
  });

  it('memory is named where pages come from disk, or where busy cores get less done', () => {
    const swapping = {
      ...quiet,
      cores: 0.6,
      speedup: estimate('0.50 (0.45 to 0.55)'),
      majorFaultsPerSecond: 900,
    };
    expect(findCause(evidence(swapping)).cause).toBe('memory');
    const starved = { ...quiet, cores: 3.9, leastWorkCpuRatio: 2.4, speedup: estimate('1.6 (1.5 to 1.7)') };
    expect(findCause(evidence(starved))).toMatchObject({
      cause: 'memory',
      because: 'the cores are busy and yet each gets less done than one alone: they share memory and caches',
      evidence: [
        'threads × 4 kept 3.90 cores busy, each with a physical core of its own.',
        'The same work cost at least 2.40 times the CPU time of serial, start-up and messages not counted.',
      ],
    });
    // On siblings of a core dearer CPU time is no news.
    const limits = { ...evidence({}).limits, physicalCores: 2 };
    expect(findCause(evidence({ ...starved, limits })).cause).not.toBe('memory');
  });

  it('memory is not named where starting workers may be what the CPU time went into', () => {
    const busy = { ...quiet, cores: 3.9, speedup: estimate('0.30 (0.2 to 0.4)') };
    expect(findCause(evidence({ ...busy, leastWorkCpuRatio: 0 })).cause).toBe('unclear');
    expect(findCause(evidence({ ...busy, leastWorkCpuRatio: 1.29 })).cause).toBe('unclear');
    expect(findCause(evidence({ ...busy, startupShare: 0.9, leastWorkCpuRatio: 140 })).cause).toBe(
      'start-up',
    );
    expect(findCause(evidence({ ...busy, messageShare: 0.4, leastWorkCpuRatio: 140 })).cause).toBe(
      'messages',
    );
  });

  it('memory is not judged of work that is too short for its CPU time to tell', () => {
    const short = { ...quiet, cores: 3.9, leastWorkCpuRatio: 140, speedup: estimate('0.30 (0.2 to 0.4)') };
    expect(findCause(evidence({ ...short, workMs: 99 }))).toMatchObject({
      cause: 'unclear',
      missing: ['The work was too short for its CPU time to be told from that of starting workers.'],
    });
    expect(findCause(evidence({ ...short, workMs: 100 })).cause).toBe('memory');
  });
});

describe('overheads', () => {
  it('start-up is named where it is the larger part', () => {
    const known = { ...quiet, cores: 1.4, startupShare: 0.83, speedup: estimate('0.25 (0.2 to 0.3)') };
    expect(findCause(evidence(known))).toMatchObject({
      cause: 'start-up',
      evidence: ['threads × 4 spent 83 % of its time on starting workers.'],
    });
  });

  it('start-up is named where it takes what the workers gain, and not where they gain nothing without it', () => {
    const known = {
      ...quiet,
      cores: 3,
      startupShare: 0.4,
      workSpeedup: 3.6,
      speedup: estimate('1.9 (1.8 to 2.0)'),
    };
    expect(findCause(evidence(known))).toMatchObject({
      cause: 'start-up',
      because: 'starting the workers takes much of what they gain',
      evidence: [
        'threads × 4 spent 40 % of its time on starting workers.',
        "Once they were ready, they did the work in 1/3.60 of serial's time; with start-up it is 1.90 times as fast.",
      ],
    });
    expect(findCause(evidence({ ...known, workSpeedup: 2 })).cause).not.toBe('start-up');
    expect(findCause(evidence({ ...known, startupShare: 0.1 })).cause).not.toBe('start-up');
  });

  it('messages are named where they take much of the time', () => {
    const known = { ...quiet, cores: 1.1, messageShare: 0.6, speedup: estimate('0.8 (0.7 to 0.9)') };
    expect(findCause(evidence(known)).cause).toBe('messages');
  });

  it('one slow worker is named where cores stood idle meanwhile', () => {
    const slow = { stragglerRatio: 3.2, stragglerShare: 0.6 };
    const known = { ...quiet, ...slow, cores: 1.7, speedup: estimate('1.7 (1.6 to 1.8)') };
    expect(findCause(evidence(known))).toMatchObject({
      cause: 'straggler',
      evidence: [
        'The slowest worker of threads × 4 took 3.20 times as long as the middle one, 60 % of the whole time more.',
      ],
    });
    // By chance: in work that is short beside the rest, or where cores had to be shared with other programs.
    expect(findCause(evidence({ ...known, stragglerShare: 0.1 })).cause).not.toBe('straggler');
    expect(findCause(evidence({ ...known, runnableShare: 0.3 })).cause).not.toBe('straggler');
    expect(findCause(evidence({ ...known, cores: 3.9, speedup: estimate('3.5 (3.4 to 3.6)') })).cause).toBe(
      'cores',
    );
  });
});

describe('nothing known', () => {
  it('is unclear, and lists what would have told', () => {
    expect(findCause(evidence({}))).toEqual({
      cause: 'unclear',
      because: '',
      evidence: [],
      missing: [
        'How long the start-up took is not known.',
        'How long messages took is not known.',
        'How long each worker was at work is not known.',
        'What serial work did meanwhile is not known.',
        'How many cores were kept busy is not known.',
      ],
    });
  });
});
