import type { InterpreterInfo, StrategyResult, Verdict } from '../../shared/experiment.ts';
import type { WorkloadKind } from '../../shared/workload.ts';
import { formatBytes, formatCores, formatDuration } from '../../shared/format.ts';
import { describeCores, explain, type Explanation } from './cause.ts';
import { comparableMemory, compare, isBeyondNoise, leanestFirst, type Comparison } from './compare.ts';
import { describeLostRuns, findFailure } from './failure.ts';
import { strategyName } from './runs.ts';
import {
  costSentence,
  fasterWords,
  intervalWords,
  joinWords,
  ratioDigits,
  slowerWords,
  asSentence,
} from './wording.ts';

/** What the verdict needs to know besides the runs. */
export interface VerdictContext {
  /** Null where no run got far enough to say. */
  readonly interpreter: InterpreterInfo | null;
  /** What the catalogue says of the workload. It can keep a cause from being named, never name one. */
  readonly workloadKind: WorkloadKind;
  readonly tasks: number;
  readonly logicalCores: number;
  /** Seed of the bootstrap. */
  readonly seed: number;
}

/** Two strategies whose memory differs by less are equally lean: it is about what two equal runs differ by. */
const equallyLeanBytes = 500_000;

/** Serial work that computes and gets less of a core than this had to share it. */
const computesFreely = 0.8;

/**
 * The answer of an experiment. A winner is only named where the 95 % interval of the paired ratio (other wall /
 * fastest wall) lies above 1 for every other strategy; on A/A data with three strategies and 5 blocks that happens
 * in fewer than 1 % (3 000 simulated experiments). Otherwise those that cannot be told from the fastest are `tied`.
 *
 * `failed` says why there is no answer: nothing finished, results differ, a strategy never finished, too few runs.
 */
export function judge(results: readonly StrategyResult[], context: VerdictContext): Verdict {
  const failure = findFailure(results);
  if (failure !== null) return failedVerdict(failure, results);

  const fastest = byMedianWall(results);
  const others = results.filter((result) => result !== fastest);
  const comparisons = others.map((other) => compare(other, fastest, context.seed));
  const known = comparisons.filter((comparison) => comparison !== null);
  if (known.length < comparisons.length) {
    return failedVerdict(
      'Fewer than two blocks hold a finished run of every strategy, so nothing can be paired; repeat with more ' +
        'blocks.',
      results,
    );
  }

  const explanation = explain({
    results,
    fastest,
    comparisons: known,
    interpreter: context.interpreter,
    workloadKind: context.workloadKind,
    seed: context.seed,
  });
  const evidence = [
    ...describeCores(results),
    ...explanation.evidence,
    ...describeConditions(results, context),
    ...describeLostRuns(results),
  ].map(asSentence);
  const tied = known.filter((comparison) => !isBeyondNoise(comparison));
  const serial = results.find((result) => result.strategy === 'serial') ?? null;
  if (others.length > 0 && tied.length === 0) {
    return {
      state: 'winner',
      strategy: fastest.strategy,
      workers: fastest.workers,
      tied: [fastest.strategy],
      cause: explanation.cause,
      sentence: winnerSentence(fastest, known, explanation, serial),
      evidence,
    };
  }
  return {
    state: 'no-difference',
    strategy: null,
    workers: null,
    tied: leanestFirst(inOrderOf(results, fastest, tied)).map((result) => result.strategy),
    cause: explanation.cause,
    sentence:
      others.length === 0
        ? `Only ${strategyName(fastest)} was run, so there is nothing to compare it with: it took ` +
          `${formatDuration(fastest.wallMs?.median)} (95 % interval ${wallInterval(fastest)}).`
        : tieSentence(inOrderOf(results, fastest, tied), known, explanation, context.seed),
    evidence,
  };
}

function failedVerdict(sentence: string, results: readonly StrategyResult[]): Verdict {
  return {
    state: 'failed',
    strategy: null,
    workers: null,
    tied: [],
    cause: 'unclear',
    sentence: asSentence(sentence),
    evidence: describeLostRuns(results).map(asSentence),
  };
}

function winnerSentence(
  winner: StrategyResult,
  comparisons: readonly Comparison[],
  explanation: Explanation,
  serial: StrategyResult | null,
): string {
  // Against serial first: that is the question most people ask.
  const ordered = [...comparisons].sort(
    (left, right) => Number(right.slower === serial) - Number(left.slower === serial),
  );
  return sentences([
    `${strategyName(winner)} is the fastest: ${joinWords(ordered.map(fasterWords))}.`,
    explanation.cause === 'unclear' ? 'Why is not clear from the measurements.' : explanation.sentence,
    costSentence(winner, serial),
  ]);
}

function tieSentence(
  tied: readonly StrategyResult[],
  comparisons: readonly Comparison[],
  explanation: Explanation,
  seed: number,
): string {
  const ties = comparisons.filter((comparison) => !isBeyondNoise(comparison));
  const [first] = ties;
  const ratios =
    ties.length === 1 && first !== undefined
      ? `${ratioDigits(first.ratio.median)} times, 95 % interval ${intervalWords(first.ratio)}`
      : ties.map((tie) => `${strategyName(tie.slower)} took ${slowerWords(tie)}`).join('; ');
  const beaten = comparisons.filter(isBeyondNoise).map(({ slower }) => slower);
  const clauses = [
    `${joinWords(tied.map(strategyName))} cannot be told apart (${ratios})`,
    ...beaten.map((loser) => beatenClause(tied, loser, seed)),
    ...leanestClause(tied),
  ];
  return sentences([`${clauses.join('; ')}.`, explanation.sentence]);
}

/** Which of the tied are shown to beat this one, and by how much: `both beat serial (1.93 and 1.90 times as fast)`. */
function beatenClause(tied: readonly StrategyResult[], loser: StrategyResult, seed: number): string {
  const wins = tied
    .map((result) => compare(loser, result, seed))
    .filter((comparison) => comparison !== null)
    .filter(isBeyondNoise);
  const factors = joinWords([...new Set(wins.map(({ ratio }) => ratioDigits(ratio.median)))]);
  const quantity = tied.length === 2 ? 'both beat' : 'all beat';
  const who =
    wins.length === tied.length
      ? quantity
      : `${joinWords(wins.map(({ faster }) => strategyName(faster)))} ${wins.length === 1 ? 'beats' : 'beat'}`;
  return `${who} ${strategyName(loser)} (${factors} times as fast)`;
}

function leanestClause(tied: readonly StrategyResult[]): string[] {
  const memory = comparableMemory(tied);
  const [leanest, next] = leanestFirst(tied);
  if (memory === null || leanest === undefined || next === undefined) return [];
  const savedBytes = memory(next) - memory(leanest);
  if (savedBytes < equallyLeanBytes) return [];
  const rank = tied.length === 2 ? 'the leaner' : 'the leanest';
  return [`${strategyName(leanest)} is ${rank} by ${formatBytes(savedBytes)}`];
}

/** Facts that bound what could have been measured. */
function describeConditions(results: readonly StrategyResult[], context: VerdictContext): string[] {
  const { tasks, logicalCores, workloadKind } = context;
  const workers = Math.max(...results.map((result) => result.workers));
  const bestSpeedup = tasks / Math.ceil(tasks / workers);
  const serialCores = results.find((result) => result.strategy === 'serial')?.effectiveCores ?? null;
  return [
    ...(bestSpeedup < workers
      ? [
          `${tasks} tasks cannot be shared out evenly among ${workers} workers: ` +
            `${ratioDigits(bestSpeedup)} times as fast as serial is the most there can be.`,
        ]
      : []),
    ...(workers > logicalCores && workloadKind === 'cpu'
      ? [`${workers} workers share ${logicalCores} logical cores, so not all of them can run at once.`]
      : []),
    ...(workloadKind === 'cpu' && serialCores !== null && serialCores < computesFreely
      ? [
          `The work wants a whole core, yet serial got ${formatCores(serialCores)} of one: the machine was busy ` +
            'with something else, which widens every interval.',
        ]
      : []),
  ];
}

function byMedianWall(results: readonly StrategyResult[]): StrategyResult {
  const [fastest] = [...results].sort(
    (left, right) => (left.wallMs?.median ?? Infinity) - (right.wallMs?.median ?? Infinity),
  );
  if (fastest === undefined) throw new Error('findFailure lets no empty experiment through');
  return fastest;
}

/** The fastest and those tied with it, in the order of the plan. */
function inOrderOf(
  results: readonly StrategyResult[],
  fastest: StrategyResult,
  ties: readonly Comparison[],
): StrategyResult[] {
  return results.filter((result) => result === fastest || ties.some(({ slower }) => slower === result));
}

function wallInterval({ wallMs }: StrategyResult): string {
  return wallMs === null ? 'n/a' : wallMs.ci95.map((end) => formatDuration(end)).join(' to ');
}

function sentences(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .map(asSentence)
    .join(' ');
}
