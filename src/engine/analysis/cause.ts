import type { Cause, InterpreterInfo, StrategyResult } from '../../shared/experiment.ts';
import { formatCores, formatDuration } from '../../shared/format.ts';
import type { StrategyId, WorkloadKind } from '../../shared/workload.ts';
import { compare, isBeyondNoise, type Comparison } from './compare.ts';
import { medianOfKnown } from './statistics.ts';
import { measuredRuns, strategyName } from './runs.ts';
import { joinWords } from './wording.ts';

/**
 * More cores than this are more than one core. Higher overlooks real gains on two cores (which seldom reach 2.0);
 * lower takes the odd garbage collection thread, which runs beside one busy core, for parallel work.
 */
const moreThanOneCore = 1.25;
/**
 * Fewer cores than this and serial mostly waits. Not higher: on a machine that is busy with something else, work that
 * wants a whole core can get as little as half of one.
 */
const mostlyWaiting = 0.35;
/** Threads that keep fewer cores busy than this were not stopped by a lock alone. */
const aboutOneCore = 0.5;
/** From this share of the wall time on, starting workers is the larger part. */
const largerPart = 0.5;

export interface CauseQuestion {
  readonly results: readonly StrategyResult[];
  readonly fastest: StrategyResult;
  /** Every other strategy against the fastest. */
  readonly comparisons: readonly Comparison[];
  readonly interpreter: InterpreterInfo | null;
  readonly workloadKind: WorkloadKind;
  readonly seed: number;
}

export interface Explanation {
  readonly cause: Cause;
  /** For the verdict; empty where nothing can be said. */
  readonly sentence: string;
  readonly evidence: readonly string[];
}

/**
 * Why the fastest is the fastest, from what was measured and nothing else; the first rule that holds:
 *
 * | cause    | holds when                                                                                        |
 * |----------|---------------------------------------------------------------------------------------------------|
 * | gil      | the interpreter said its lock was on; ≥ 2 threads kept 0.5 to 1.25 cores busy; as processes the   |
 * |          | work kept > 1.25 cores busy, and was faster beyond noise                                          |
 * | waiting  | serial kept < 0.35 cores busy though nothing says that the work wants one, and the fastest beats it |
 * | cores    | the fastest beats serial and kept > 1.25 cores busy                                               |
 * | start-up | every beaten strategy spent more than half of its wall time on starting workers                   |
 * | unclear  | none of these                                                                                     |
 */
export function explain(question: CauseQuestion): Explanation {
  return (
    explainByLock(question) ??
    explainByWaiting(question) ??
    explainByCores(question) ??
    explainByStartup(question) ?? { cause: 'unclear', sentence: '', evidence: [] }
  );
}

/** How many cores each strategy kept busy, for those of which it is known; empty where it is known of none. */
export function describeCores(results: readonly StrategyResult[]): string[] {
  const known = results.filter((result) => result.effectiveCores !== null);
  if (known.length === 0) return [];
  const parts = known.map((result) => `${strategyName(result)} ${formatCores(result.effectiveCores)}`);
  return [`Cores kept busy on average: ${parts.join(', ')}.`];
}

function explainByLock({ results, interpreter, seed }: CauseQuestion): Explanation | null {
  if (interpreter?.runtime !== 'python' || interpreter.gilEnabled !== true) return null;
  const threads = find(results, 'threads');
  const processes = find(results, 'processes');
  if (threads === null || processes === null || threads.workers < 2) return null;
  const threadCores = threads.effectiveCores ?? Number.NaN;
  const processCores = processes.effectiveCores ?? Number.NaN;
  const isOneCore = threadCores >= aboutOneCore && threadCores <= moreThanOneCore;
  // The gap keeps 1.24 against 1.26 cores from counting as a difference.
  const isMoreAsProcesses =
    processCores > moreThanOneCore && processCores >= threadCores + (moreThanOneCore - 1);
  const overThreads = compare(threads, processes, seed);
  if (!isOneCore || !isMoreAsProcesses || overThreads === null || !isBeyondNoise(overThreads)) return null;

  const serial = find(results, 'serial');
  const overSerial = serial === null ? null : compare(serial, threads, seed);
  // One thread at a time may still be faster than serial: by overlapping waits, or because it moves between cores
  // and the machine's neighbours slow each of them in turn. It is not parallel all the same.
  const gains = overSerial !== null && isBeyondNoise(overSerial);
  const effect = gains ? `stay at ${formatCores(threadCores)} cores` : 'gain nothing';
  return {
    cause: 'gil',
    sentence:
      `Threads ${effect} because ${interpreter.implementation}'s global interpreter lock lets one thread run ` +
      'at a time.',
    evidence: [
      `${interpreter.implementation} ${interpreter.version} said that its global interpreter lock was on while ` +
        'the work ran.',
      `${strategyName(threads)} kept ${formatCores(threadCores)} cores busy; the same work as ` +
        `${strategyName(processes)} kept ${formatCores(processCores)} busy.`,
    ],
  };
}

function explainByWaiting(question: CauseQuestion): Explanation | null {
  // Work that is known to compute and yet kept no core busy was kept from running: that is not waiting.
  if (question.workloadKind === 'cpu') return null;
  const serialCores = find(question.results, 'serial')?.effectiveCores ?? null;
  if (serialCores === null || serialCores >= mostlyWaiting || !beatsSerial(question)) return null;
  const words = formatCores(serialCores);
  return {
    cause: 'waiting',
    sentence: `The work mostly waits (serial kept ${words} of a core busy), and workers wait at the same time.`,
    evidence: [`serial kept ${words} of one core busy: the rest of its time it waited.`],
  };
}

function explainByCores(question: CauseQuestion): Explanation | null {
  const { fastest, results } = question;
  const cores = fastest.effectiveCores ?? Number.NaN;
  if (!(cores > moreThanOneCore) || !beatsSerial(question)) return null;
  const serialCores = find(results, 'serial')?.effectiveCores ?? null;
  const comparison = serialCores === null ? '' : ` where serial keeps ${formatCores(serialCores)}`;
  return {
    cause: 'cores',
    sentence: `${strategyName(fastest)} keeps ${formatCores(cores)} cores busy${comparison}.`,
    evidence: [`${strategyName(fastest)} kept ${formatCores(cores)} cores busy, more than one.`],
  };
}

function explainByStartup({ comparisons }: CauseQuestion): Explanation | null {
  const beaten = comparisons.filter(isBeyondNoise).map(({ slower }) => slower);
  const shares = beaten.map((result) => ({ result, share: startupShare(result) }));
  if (shares.length === 0 || !shares.every(({ share }) => share > largerPart)) return null;
  return {
    cause: 'start-up',
    sentence:
      'Starting the workers takes longer than their work: it is ' +
      `${joinWords(shares.map(({ result, share }) => `${percent(share)} of the time of ${strategyName(result)}`))}.`,
    evidence: shares.map(
      ({ result, share }) =>
        `${strategyName(result)} spent ${formatDuration(result.startupMs)} on start-up, ${percent(share)} of its ` +
        'wall time.',
    ),
  };
}

/** Median share of the wall time that went into starting workers; NaN where no run tells. */
function startupShare(result: StrategyResult): number {
  return medianOfKnown(measuredRuns(result.runs).map((run) => run.startupMs / run.wallMs)) ?? Number.NaN;
}

function beatsSerial({ comparisons }: CauseQuestion): boolean {
  return comparisons.some(
    (comparison) => comparison.slower.strategy === 'serial' && isBeyondNoise(comparison),
  );
}

function find(results: readonly StrategyResult[], strategy: StrategyId): StrategyResult | null {
  return results.find((result) => result.strategy === strategy) ?? null;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
