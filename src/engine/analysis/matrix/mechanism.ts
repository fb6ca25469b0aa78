import type { Estimate } from '../../../shared/experiment-analysis.ts';
import { pairedShift } from '../inference/hodges-lehmann.ts';
import { logMedianInterval, type Stopping } from '../inference/median-interval.ts';
import type { WeightsBySize } from '../inference/median-weights.ts';
import type { Cell, RunMeasurement } from '../measurements.ts';

/** A gain whose whole interval lies above this is told as it is: noise is not that large. Lower trusts more draws. */
const largeGain = 1.25;
/**
 * By how much the interval of a gain is widened that nothing explains. Of two strategies that are the same, 2.5 % are
 * each time told to be faster than the other; at 2 (20 000 experiments for each) 0.6 % with 3 blocks, 0.2 % with 5 and
 * 7, 0.1 % from 10 on. Higher asks for more blocks before a gain stands on its own.
 */
const doubtStretch = 2;
/** Share of the gain, on the logarithmic scale, that a mechanism has to account for. */
const explainedShare = 0.5;

export interface GainTools {
  readonly weightsOf: WeightsBySize;
  readonly stopping: Stopping;
}

/**
 * Whether nothing that was measured explains a gain in time that an interval of 95 % calls one. One draw in twenty does
 * so by chance, and then CPU time falls with the wall time, for both run by the same clock on the same busy machine. So
 * less CPU time for the same work is no explanation: wall = CPU time / cores, and it would explain everything.
 *
 * `gain` is slower wall / faster wall. It is doubtful where all of this holds:
 *
 * - its interval reaches down to 1.25 or less, and twice as wide (on the logarithmic scale) it would reach to 1: a gain
 *   that stands further off needs no explanation;
 * - no more cores: the faster one's CPU time / wall, over the slower one's and paired by block, is not above 1 by its
 *   interval, or accounts for less than half of the gain (on the logarithmic scale). Less waiting is more cores, too.
 *   The same of (CPU time + time in line for a core) / wall, where that is known, so that being let wait by other
 *   programs is not taken for working less at a time;
 * - no less beside the work: what start-up, tear-down and messages took is not less by the Hodges-Lehmann interval, or
 *   accounts for less than half of the difference in time.
 *
 * What is unknown doubts nothing: false where cores or the time beside the work are known of fewer than two blocks.
 */
export function isGainDoubtful(slower: Cell, faster: Cell, gain: Estimate, tools: GainTools): boolean {
  const [low] = gain.ci95;
  const size = Math.log(gain.median);
  if (low <= 1 || low > largeGain) return false;
  if (size - doubtStretch * (size - Math.log(low)) > 0) return false;

  const cores = ratioOf(faster, slower, ({ cpuSeconds }) => seconds(cpuSeconds), tools);
  const wanted = ratioOf(
    faster,
    slower,
    ({ cpuSeconds, runnableMs }) => seconds(cpuSeconds) + (runnableMs ?? Number.NaN),
    tools,
  );
  const beside = savedBesideWork(slower, faster);
  if (cores === null || beside === null) return false;
  const accountsFor = (ratio: Estimate): boolean =>
    ratio.ci95[0] > 1 && Math.log(ratio.median) >= explainedShare * size;
  const hasMoreCores = accountsFor(cores) && (wanted === null || accountsFor(wanted));
  return !hasMoreCores && !beside;
}

/** The median over the blocks of (busy / wall of the first) / (busy / wall of the second); `busyOf` in ms. */
function ratioOf(
  first: Cell,
  second: Cell,
  busyOf: (run: RunMeasurement) => number,
  { weightsOf, stopping }: GainTools,
): Estimate | null {
  const ratios = pairRuns(first, second)
    .map(([left, right]) => busyOf(left) / left.wallMs / (busyOf(right) / right.wallMs))
    .filter((ratio) => ratio > 0 && ratio < Infinity);
  return logMedianInterval(ratios, weightsOf, stopping);
}

/** Whether less time beside the work accounts for the gain; null where it is known of fewer than two blocks. */
function savedBesideWork(slower: Cell, faster: Cell): boolean | null {
  const known = pairRuns(slower, faster).filter(
    ([left, right]) => Number.isFinite(besideWorkMs(left)) && Number.isFinite(besideWorkMs(right)),
  );
  const saved = pairedShift(known.map(([left, right]) => besideWorkMs(left) - besideWorkMs(right)));
  const gained = pairedShift(known.map(([left, right]) => left.wallMs - right.wallMs));
  if (saved === null || gained === null) return null;
  return saved.low > 0 && saved.shift >= explainedShare * gained.shift;
}

/** Starting and ending workers, and messages; NaN where a part is unknown. */
function besideWorkMs({ wallMs, workMs, messageMs }: RunMeasurement): number {
  return wallMs - (workMs ?? Number.NaN) + (messageMs ?? Number.NaN);
}

function seconds(cpuSeconds: number | null): number {
  return (cpuSeconds ?? Number.NaN) * 1000;
}

function pairRuns(first: Cell, second: Cell): (readonly [RunMeasurement, RunMeasurement])[] {
  const byBlock = new Map(second.runs.map((run) => [run.block, run]));
  return first.runs.flatMap((run) => {
    const other = byBlock.get(run.block);
    return other === undefined ? [] : [[run, other] as const];
  });
}
