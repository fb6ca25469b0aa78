import { describe, expect, test } from 'vitest';
import { chooseProcesses, markOwn } from '../../../../src/engine/processes/choose-processes.ts';
import { findWatchable } from '../../../../src/engine/processes/watchable.ts';
import { mostListed, type ListedProcess } from '../../../../src/shared/watch-requests.ts';

function listed(pid: number, values: Partial<ListedProcess> = {}): ListedProcess {
  return {
    pid,
    parentPid: 1,
    startMark: pid * 10,
    name: `p${pid}`,
    commandLine: '',
    user: 'ann',
    startedUnixMs: pid,
    cpuShare: 0,
    rssBytes: 0,
    isOwn: false,
    ...values,
  };
}

const pids = (processes: readonly ListedProcess[]): number[] => processes.map(({ pid }) => pid);

describe('choosing from the processes', () => {
  test('puts the busiest first, of equal ones the larger, and the unknown last', () => {
    const processes = [
      listed(2, { cpuShare: Number.NaN, rssBytes: 9e9 }),
      listed(3, { rssBytes: 5 }),
      listed(4, { rssBytes: 7 }),
      listed(5, { cpuShare: 0.5 }),
    ];
    expect(pids(chooseProcesses(processes, { search: '', order: 'cpu' }).processes)).toEqual([5, 4, 3, 2]);
    expect(pids(chooseProcesses(processes, { search: '', order: 'started' }).processes)).toEqual([
      5, 4, 3, 2,
    ]);
    expect(pids(chooseProcesses(processes, { search: '', order: 'pid' }).processes)).toEqual([2, 3, 4, 5]);
  });

  test('finds all words in name, command line, user or number, in any case', () => {
    const processes = [
      listed(2, { name: 'python3', commandLine: 'python3 Train.py' }),
      listed(3, { name: 'python3', commandLine: 'python3 serve.py' }),
    ];
    const answer = chooseProcesses(processes, { search: ' train  PYTHON ann ', order: 'cpu' });
    expect(pids(answer.processes)).toEqual([2]);
    expect([answer.matching, answer.total]).toEqual([1, 2]);
  });

  test('lists no more than anybody reads, and says how many match', () => {
    const processes = Array.from({ length: mostListed + 50 }, (_, index) => listed(index + 2));
    const answer = chooseProcesses(processes, { search: '', order: 'pid' });
    expect(answer.processes).toHaveLength(mostListed);
    expect(answer.matching).toBe(mostListed + 50);
  });

  test('marks Corescope and what it started, except commands that were started to be watched', () => {
    const processes = [
      listed(10),
      listed(11, { parentPid: 10 }),
      listed(12, { parentPid: 11 }),
      listed(13, { parentPid: 12 }),
      listed(14),
    ];
    const marked = markOwn(processes, 10, new Set([12]));
    expect(pids(marked.filter(({ isOwn }) => isOwn))).toEqual([10, 11]);
  });
});

describe('a process to watch', () => {
  const processes = [listed(50), listed(51, { isOwn: true })];
  const problemOf = (pid: number, startMark: number | null = null): string => {
    const found = findWatchable(processes, { pid, startMark });
    return found.ok ? 'none' : found.problem.kind;
  };

  test('is the one that was meant, and no later bearer of its number', () => {
    expect(problemOf(50)).toBe('none');
    expect(problemOf(50, 500)).toBe('none');
    expect(problemOf(50, 499)).toBe('process-replaced');
  });

  test('is none that does not exist, and none of Corescope’s own', () => {
    expect(problemOf(2 ** 31 - 1)).toBe('no-process');
    expect(problemOf(51)).toBe('own-process');
  });
});
