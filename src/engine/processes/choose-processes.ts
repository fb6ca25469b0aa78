import {
  mostListed,
  type ListedProcess,
  type ProcessesAnswer,
  type ProcessesQuestion,
  type ProcessOrder,
} from '../../shared/watch-requests.ts';

type Comparison = (left: ListedProcess, right: ListedProcess) => number;

const comparisons: Readonly<Record<ProcessOrder, Comparison>> = {
  // What is equal, as most are in CPU, is ordered by memory: the larger are looked for more often.
  cpu: (left, right) => greater(left.cpuShare, right.cpuShare) || greater(left.rssBytes, right.rssBytes),
  memory: (left, right) => greater(left.rssBytes, right.rssBytes),
  name: (left, right) => left.name.localeCompare(right.name),
  pid: () => 0,
  user: (left, right) => (left.user ?? '').localeCompare(right.user ?? ''),
  started: (left, right) => greater(left.startedUnixMs ?? Number.NaN, right.startedUnixMs ?? Number.NaN),
};

/** Those that match the search, in the order that is asked for, and not more of them than anybody reads. */
export function chooseProcesses(
  processes: readonly ListedProcess[],
  { search, order }: ProcessesQuestion,
): ProcessesAnswer {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const matching = processes.filter((process) => {
    const text = `${process.pid} ${process.name} ${process.commandLine} ${process.user ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const compare = comparisons[order];
  const sorted = [...matching].sort((left, right) => compare(left, right) || left.pid - right.pid);
  return { processes: sorted.slice(0, mostListed), matching: matching.length, total: processes.length };
}

/** The greater first, the unknown last. */
function greater(left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return right - left;
}

/** Marks a process and all that it has started, except what lies under one of `others`. */
export function markOwn(
  processes: readonly ListedProcess[],
  ownPid: number,
  others: ReadonlySet<number>,
): readonly ListedProcess[] {
  const parentOf = new Map(processes.map(({ pid, parentPid }) => [pid, parentPid]));
  const isOwn = (pid: number): boolean => {
    const seen = new Set<number>();
    for (let at: number | undefined = pid; at !== undefined && !seen.has(at); at = parentOf.get(at)) {
      if (others.has(at)) return false;
      if (at === ownPid) return true;
      seen.add(at);
    }
    return false;
  };
  return processes.map((process) => ({ ...process, isOwn: isOwn(process.pid) }));
}
