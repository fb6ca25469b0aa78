import type { ListedProcess, WatchedTree } from '../../src/shared/watch-requests.ts';

/** A process of the list, with `changes`. */
export function drawnListed(changes: Partial<ListedProcess> & Pick<ListedProcess, 'pid'>): ListedProcess {
  return {
    parentPid: 1,
    startMark: changes.pid * 10,
    name: 'node',
    commandLine: 'node work.js',
    user: 'me',
    startedUnixMs: 1_760_000_000_000,
    cpuShare: 0.5,
    rssBytes: 50e6,
    isOwn: false,
    ...changes,
  };
}

/** A tree that is watched, with `changes`. */
export function drawnWatchedTree(changes: Partial<WatchedTree> = {}): WatchedTree {
  return {
    id: 1,
    pid: 100,
    name: 'node',
    commandLine: 'node work.js',
    isCommand: false,
    beganUnixMs: 1_760_000_000_000,
    end: null,
    figures: {
      durationMs: 1_000,
      cpuSeconds: 0.5,
      effectiveCores: 0.5,
      peakPssBytes: 40e6,
      peakRssBytes: 60e6,
      waitSeconds: 0,
      readBytes: null,
      writtenBytes: null,
      processes: 1,
      mostProcessesAtOnce: 1,
      mostThreadsAtOnce: 7,
    },
    note: null,
    recordingPath: null,
    output: '',
    ...changes,
  };
}
