import { describe, expect, it } from 'vitest';
import { createPssRounds } from '../../../../src/engine/sampler/pss-rounds.ts';
import { type ProcessNode } from '../../../../src/engine/sampler/tree.ts';
import { type EntityOwner } from '../../../../src/shared/sample.ts';

function makeProcess(pid: number, owner: EntityOwner): ProcessNode {
  const info = { key: pid, kind: 'process', pid, tid: null, parentKey: null, rootPid: pid, owner } as const;
  return {
    pid,
    startMark: pid,
    parentPid: 1,
    info: { ...info, name: '', commandLine: '', user: null, startedUnixMs: null },
  };
}

/** Samples at the given times; each reading takes `costMs`. Tells which pids were read when, as `at:pids`. */
function readingsAt(
  timesMs: readonly number[],
  processesAt: (atMs: number) => readonly ProcessNode[],
  costMs = 0,
): string {
  let nowMs = 0;
  let read: number[] = [];
  const rounds = createPssRounds(
    (pid) => {
      read.push(pid);
      nowMs += costMs;
      return pid * 1000;
    },
    () => nowMs,
  );
  return timesMs
    .map((atMs) => {
      nowMs = atMs;
      read = [];
      rounds.sample(processesAt(atMs));
      return `${atMs}:${read.join(',')}`;
    })
    .join(' ');
}

const first = makeProcess(1, 'run');
const second = makeProcess(2, 'run');
const own = makeProcess(3, 'corescope');

describe('PSS rounds', () => {
  it('read a run’s processes every 200 ms', () => {
    expect(readingsAt([0, 100, 200, 300, 400], () => [first, second])).toBe(
      '0:1,2 100: 200:1,2 300: 400:1,2',
    );
  });

  it('read a new process at the first tick that sees it', () => {
    expect(readingsAt([0, 100, 200], (atMs) => (atMs < 100 ? [first] : [first, second]))).toBe(
      '0:1 100:2 200:1,2',
    );
  });

  it('pause for a hundred times what the last round took', () => {
    // Two readings of 5 ms: 1000 ms from the round's end.
    expect(readingsAt([0, 200, 1000, 1010, 1500], () => [first, second], 5)).toBe(
      '0:1,2 200: 1000: 1010:1,2 1500:',
    );
  });

  it('read Corescope’s own processes every five seconds at most', () => {
    expect(readingsAt([0, 200, 4900, 5100], () => [first, own])).toBe('0:1,3 200:1 4900:1 5100:1,3');
  });

  it('tell the last value between rounds, and NaN for what cannot be read', () => {
    let nowMs = 0;
    const values = [10, Number.NaN, 20, 30];
    const rounds = createPssRounds(
      () => values.shift() ?? 0,
      () => nowMs,
    );
    const sampleAt = (atMs: number): (number | undefined)[] => {
      nowMs = atMs;
      const sample = rounds.sample([first, second]);
      return [sample.get(first), sample.get(second)];
    };
    expect([sampleAt(0), sampleAt(100), sampleAt(200)]).toEqual([
      [10, Number.NaN],
      [10, Number.NaN],
      [20, 30],
    ]);
  });
});
