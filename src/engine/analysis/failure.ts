import type { RunRecord } from '../../shared/experiment.ts';
import { asSentence, formatDuration } from '../../shared/format.ts';
import { fewestForInterval } from './inference/median-interval.ts';
import type { CellRuns } from './measure.ts';
import { measuredRuns, strategyName } from './runs.ts';
import { joinWords } from './wording.ts';

/** Why no verdict can be given. */
export interface Failure {
  readonly sentence: string;
  /** Why runs were lost, as far as the sentence tells it: not to be told again. */
  readonly lostFor: string | null;
}

/**
 * Why no verdict can be given; null where one can. In order of weight: nothing ran, work was lost, the
 * strategies did not do the same work, one of them never finished with any number of workers, too little finished for
 * an interval.
 */
export function findFailure(results: readonly CellRuns[], tasks: number): Failure | null {
  if (results.length === 0) return failure('Nothing was run, so there is nothing to compare.');
  const unfinished = results.filter((result) => measuredRuns(result.runs).length === 0);
  const [first] = unfinished;
  if (first !== undefined && unfinished.length === results.length) {
    const opening = 'No run finished, so there is nothing to compare.';
    return failure(`${opening} ${asSentence(whyUnfinished(first))}`, first);
  }
  const disagreement = findLoss(results, tasks) ?? findDisagreement(results);
  if (disagreement !== null) return failure(disagreement);
  const absent = unfinished.find(({ strategy }) =>
    results.every((other) => other.strategy !== strategy || unfinished.includes(other)),
  );
  if (absent !== undefined) return failure(`No verdict: ${whyUnfinished(absent)}`, absent);
  // What one strategy took is no difference, and needs no interval.
  if (results.length === 1) return null;
  const scarce = results.find(({ strategy }) =>
    results.every(
      (other) => other.strategy !== strategy || measuredRuns(other.runs).length < fewestForInterval,
    ),
  );
  if (scarce !== undefined) {
    return failure(
      `Only one run of ${strategyName(scarce)} finished, and a difference cannot be told from noise by one run; ` +
        'repeat with at least 5 blocks.',
    );
  }
  return null;
}

/** `unfinished` is the field of which the sentence tells why it never finished. */
function failure(sentence: string, unfinished?: CellRuns): Failure {
  const lost = unfinished === undefined ? undefined : lostRun(unfinished);
  return { sentence, lostFor: lost === undefined ? null : withoutPlace(reasonOf(lost)) };
}

/**
 * Which strategies lost some of their measured runs, a line for each reason: the first one's of each strategy.
 * `toldReason` has been told and is not repeated.
 */
export function describeLostRuns(results: readonly CellRuns[], toldReason: string | null): string[] {
  const byReason = new Map<string, string[]>();
  for (const result of results) {
    const measured = result.runs.filter((run) => !run.warmUp);
    const lost = measured.filter((run) => run.state !== 'finished');
    const first = firstLost(result, lost);
    if (first === undefined) continue;
    const reason = withoutPlace(reasonOf(first));
    const names = byReason.get(reason) ?? [];
    byReason.set(reason, [...names, `${lost.length} of ${measured.length} runs of ${strategyName(result)}`]);
  }
  return [...byReason].map(
    ([reason, names]) =>
      `${joinWords(names)} did not finish${reason === toldReason ? ', for that reason.' : `: ${reason}`}`,
  );
}

/** Where a strategy was given up, the run that it was given up for, which may be a warm-up. */
function firstLost({ runs }: CellRuns, lost: readonly RunRecord[]): RunRecord | undefined {
  const [first] = lost;
  if (first?.state !== 'failed' || first.problem.kind !== 'given-up') return first;
  return runs.find((run) => run.state !== 'finished' && run.state !== 'cancelled') ?? first;
}

/** What failed alike in several strategies is told once. */
export function withoutPlace(reason: string): string {
  return reason.replace(/^(Workload "[^"]*" failed) as \S+ in (\S+): (worker \d+ failed: )?/, '$1 in $2: ');
}

/** Work that was not done takes no time. */
function findLoss(results: readonly CellRuns[], tasks: number): string | null {
  const losses = results.flatMap((result) =>
    measuredRuns(result.runs).map(({ lostTasks }) => ({ name: strategyName(result), lostTasks })),
  );
  const [worst] = losses.sort((left, right) => right.lostTasks - left.lostTasks);
  if (worst === undefined || worst.lostTasks === 0) return null;
  return (
    `${worst.name} lost ${worst.lostTasks} of ${tasks} tasks with a worker that died. What was not done took no ` +
    'time, so the times cannot be compared.'
  );
}

/**
 * Different checksums mean different work: times of different work say nothing about the way it was run. Fields whose
 * runs agree are told by their checksum, and one whose own runs differ by how many there were.
 */
function findDisagreement(results: readonly CellRuns[]): string | null {
  const namesByChecksum = new Map<string, string[]>();
  const unsteady: string[] = [];
  for (const result of results) {
    const finished = result.runs.filter((run) => run.state === 'finished');
    const [first, second, ...more] = new Set(finished.map(({ checksum }) => checksum));
    if (first === undefined) continue;
    const name = strategyName(result);
    if (second === undefined) {
      namesByChecksum.set(first, [...(namesByChecksum.get(first) ?? []), name]);
    } else {
      const count = 2 + more.length;
      unsteady.push(
        `${name} computed ${count} results in ${finished.length} runs, like ${first} and ${second}`,
      );
    }
  }
  if (namesByChecksum.size + 2 * unsteady.length < 2) return null;
  const claims = [
    ...[...namesByChecksum].map(([checksum, names]) => `${joinWords(names)} computed ${checksum}`),
    ...unsteady,
  ];
  return (
    `The results differ: ${claims.join(', but ')}. Different work was done, so the times cannot be compared. Let ` +
    'what is returned or printed depend on the number of the task alone: not on time, chance, process or worker.'
  );
}

function whyUnfinished(result: CellRuns): string {
  const lost = lostRun(result);
  const name = strategyName(result);
  return lost === undefined ? `${name} was never run.` : `${name} never finished: ${reasonOf(lost)}`;
}

function lostRun({ runs }: CellRuns): RunRecord | undefined {
  return runs.find(({ state }) => state !== 'finished');
}

function reasonOf(run: RunRecord): string {
  switch (run.state) {
    case 'failed':
      return `${endWithStop(run.problem.message)} ${endWithStop(run.problem.advice)}`.trim();
    case 'timed-out':
      return `a run was ended after ${formatDuration(run.afterMs)}. Allow more time or make the work smaller.`;
    case 'cancelled':
      return 'cancelled.';
    case 'finished':
      throw new Error('a finished run needs no reason');
  }
}

function endWithStop(sentence: string): string {
  return sentence === '' || /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
