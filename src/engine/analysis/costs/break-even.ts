import type { Random } from '../../random.ts';
import { criticalValue } from '../inference/median-interval.ts';
import { medianInPlace, medianOf } from '../inference/select.ts';
import type { Cell } from '../measurements.ts';

/**
 * From which length of a task on the strategy that starts more slowly is the faster one.
 *
 * - `breaks-even`: at this length, in ms of serial work per task. `high` is null where the interval has no upper end,
 *   for the gain per task might be nothing.
 * - `no-crossing`: one of them is the faster at every length.
 * - `unknown`: a start-up or work time is missing, or fewer than two blocks hold all of them.
 */
export type BreakEven =
  | {
      readonly state: 'breaks-even';
      readonly fasterBeyond: 'first' | 'second';
      readonly taskMs: number;
      readonly low: number;
      readonly high: number | null;
    }
  | { readonly state: 'no-crossing'; readonly faster: 'first' | 'second' }
  | { readonly state: 'unknown' };

/**
 * Two strategies take start-up plus their share of the serial work: T = s + r·L, r = work / serial work of the same
 * block. They are even where
 *
 *     L* = (s₂ − s₁) / (r₁ − r₂),   per task L* / tasks
 *
 * with medians over the blocks. The interval is L* · exp(± c(n) · s), s the standard deviation of log L* over resampled
 * blocks, c(n) that of median-interval.ts: percentiles of L* hold the truth in 89 % only with 5 blocks. Where more than
 * 2.5 % of the resamples gain nothing per task there is no upper end, and where as many do not start more slowly the
 * lower end is 0.
 *
 * `tasks`: how many the measured work consisted of. `serial.workMs` says how long they take one after another.
 */
export function breakEven(
  serial: Cell,
  first: Cell,
  second: Cell,
  tasks: number,
  resamples: number,
  random: Random,
): BreakEven {
  const blocks = pairBlocks(serial, first, second);
  if (blocks.length < 2) return { state: 'unknown' };
  const isSecondSlower = medianOf(blocks.map(({ startupMs }) => startupMs)) >= 0;
  const sign = isSecondSlower ? 1 : -1;
  const startups = Float64Array.from(blocks, ({ startupMs }) => sign * startupMs);
  const gains = Float64Array.from(blocks, ({ gain }) => sign * gain);
  const [startupMs, gain] = [medianOf(startups), medianOf(gains)];
  if (gain <= 0) return { state: 'no-crossing', faster: isSecondSlower ? 'first' : 'second' };
  if (startupMs <= 0) return { state: 'no-crossing', faster: isSecondSlower ? 'second' : 'first' };

  const logLengths = new Float64Array(resamples);
  const drawnStartups = new Float64Array(blocks.length);
  const drawnGains = new Float64Array(blocks.length);
  let [crossing, withoutGain, withoutStartup] = [0, 0, 0];
  for (let resample = 0; resample < resamples; resample += 1) {
    for (let index = 0; index < blocks.length; index += 1) {
      const position = Math.floor(random() * blocks.length);
      drawnStartups[index] = startups[position] ?? Number.NaN;
      drawnGains[index] = gains[position] ?? Number.NaN;
    }
    const drawnGain = medianInPlace(drawnGains);
    const drawnStartup = medianInPlace(drawnStartups);
    if (drawnGain <= 0) withoutGain += 1;
    else if (drawnStartup <= 0) withoutStartup += 1;
    else {
      logLengths[crossing] = Math.log(drawnStartup / drawnGain);
      crossing += 1;
    }
  }
  const taskMs = startupMs / gain / tasks;
  const spread = standardDeviation(logLengths.subarray(0, crossing));
  const stretch = Math.exp(criticalValue(blocks.length) * spread);
  return {
    state: 'breaks-even',
    fasterBeyond: isSecondSlower ? 'second' : 'first',
    taskMs,
    low: withoutStartup > tail * resamples ? 0 : taskMs / stretch,
    high: withoutGain > tail * resamples ? null : taskMs * stretch,
  };
}

/** Share of the resamples beyond either end of a 95 % interval. */
const tail = 0.025;

function standardDeviation(values: Float64Array): number {
  if (values.length < 2) return 0;
  const origin = values[0] ?? Number.NaN;
  const mean = values.reduce((sum, value) => sum + (value - origin), 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - origin - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

interface BlockDifference {
  /** How much longer the second takes to start. */
  readonly startupMs: number;
  /** How much less wall time the second takes per ms of serial work. */
  readonly gain: number;
}

function pairBlocks(serial: Cell, first: Cell, second: Cell): BlockDifference[] {
  const firstRuns = new Map(first.runs.map((run) => [run.block, run]));
  const secondRuns = new Map(second.runs.map((run) => [run.block, run]));
  return serial.runs.flatMap(({ block, workMs: serialWorkMs }) => {
    const [left, right] = [firstRuns.get(block), secondRuns.get(block)];
    const startupMs = difference(right?.startupMs, left?.startupMs);
    const workMs = difference(left?.workMs, right?.workMs);
    if (startupMs === null || workMs === null || serialWorkMs === null || !(serialWorkMs > 0)) return [];
    return [{ startupMs, gain: workMs / serialWorkMs }];
  });
}

function difference(left: number | null | undefined, right: number | null | undefined): number | null {
  const value = (left ?? Number.NaN) - (right ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
