import { formatBytes, formatCores, formatCpuSeconds, formatDuration } from '../../shared/format.ts';
import type { WatchedTree, WatchEnd } from '../../shared/watch-requests.ts';

/** How a tree stands, in a few words: `watched for 12.3 s`, `ended with exit code 3 after 1.20 s`. */
export function describeState({ end, figures, isCommand }: WatchedTree): string {
  const length = formatDuration(figures.durationMs);
  if (end === null) return `watched for ${length}`;
  if (end.why === 'stopped')
    return isCommand ? `ended by you after ${length}` : `not watched any more, after ${length}`;
  return `${describeExit(end)} after ${length}`;
}

function describeExit({ code, signal }: WatchEnd): string {
  if (signal !== null) return `ended by ${signal}`;
  if (code === null) return 'ended (its exit code is told to its parent alone)';
  return code === 0 ? 'ended well (exit code 0)' : `ended with exit code ${code}`;
}

export interface WatchFact {
  readonly name: string;
  readonly value: string;
  readonly title: string;
}

/** The figures of a tree with their units. */
export function factsOf({ figures }: WatchedTree): readonly WatchFact[] {
  const { processes, mostProcessesAtOnce, mostThreadsAtOnce } = figures;
  return [
    {
      name: 'CPU time',
      value: formatCpuSeconds(figures.cpuSeconds),
      title: 'User and system time of the whole tree while it was watched, ended descendants included',
    },
    {
      name: 'Cores kept busy',
      value: formatCores(figures.effectiveCores),
      title: 'CPU time per time, on average since the watch began',
    },
    {
      name: 'Waited for a core',
      value: formatCpuSeconds(figures.waitSeconds),
      title: 'Threads that were ready to run while others had the cores, or a quota held them back; added up',
    },
    {
      name: 'Peak memory (PSS)',
      value: formatBytes(figures.peakPssBytes),
      title: 'Of the whole tree at once; shared pages are counted once',
    },
    {
      name: 'Peak RSS, summed',
      value: formatBytes(figures.peakRssBytes),
      title: 'The naive sum, which counts shared pages once per process',
    },
    {
      name: 'Read, written',
      value: `${formatBytes(figures.readBytes)}, ${formatBytes(figures.writtenBytes)}`,
      title: 'From and to storage',
    },
    {
      name: 'Processes',
      value: `${processes} seen, ${mostProcessesAtOnce} at once`,
      title: 'The shortest-lived end unseen between two samples; their CPU time is counted all the same',
    },
    {
      name: 'Threads',
      value: mostThreadsAtOnce === null ? 'n/a' : `up to ${mostThreadsAtOnce} at once`,
      title: 'Of all processes of the tree',
    },
  ];
}
