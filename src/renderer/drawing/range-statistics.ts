import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import { CellSummary, fullCode } from './cell-summary.ts';
import type { History } from './history.ts';
import { emptyStretch } from './sample-times.ts';
import type { TrackId } from './track-store.ts';

/** What was going on in a stretch of time. Shares are of one core; NaN is unknown. */
export interface RangeStatistics {
  readonly startMs: SessionMs;
  readonly endMs: SessionMs;
  /** Time in the range that samples cover. The rest is holes, or was not recorded. */
  readonly coveredMs: Milliseconds;
  /** By the place of a core in a frame. */
  readonly coreMean: Float64Array;
  readonly coreMax: Float64Array;
  /** Mean number of cores busy, by whatever. */
  readonly busyCores: number;
  /** Time with k cores busy, rounded to whole cores, from k = 0 to all. */
  readonly timeByBusyCores: Float64Array;
  /** Time in which the run was there. */
  readonly runMs: Milliseconds;
  /** CPU time of the run in ms. */
  readonly runCpuMs: Milliseconds;
  readonly peakPssBytes: number;
  readonly peakRssBytes: number;
  /** Mean number of the run's threads that were ready and waited for a core. */
  readonly waitCores: number;
}

/**
 * Sums up a range. Samples count for the part of the time they cover that lies in the range; of what is older than
 * an hour, blocks of 8 samples do.
 */
export function rangeStatistics(
  { heat, tracks }: History,
  startMs: SessionMs,
  endMs: SessionMs,
): RangeStatistics {
  const { times, cores } = heat;
  const coreMean = new Float64Array(cores);
  const coreMax = new Float64Array(cores).fill(Number.NaN);
  const coreMs = new Float64Array(cores);
  const timeByBusyCores = new Float64Array(cores + 1);
  const summary = new CellSummary(cores);
  const stretch = emptyStretch();
  let coveredMs = 0;
  let runMs = 0;
  let runCpuMs = 0;
  let waitMs = 0;
  let waitKnownMs = 0;
  let peakPssBytes = Number.NaN;
  let peakRssBytes = Number.NaN;

  const add = (itemEndMs: SessionMs, coverMs: Milliseconds): void => {
    const insideMs = Math.min(endMs, itemEndMs) - Math.max(startMs, itemEndMs - coverMs);
    if (!(insideMs > 0)) return;
    summary.clear();
    heat.reduce(stretch, summary);
    let busy = 0;
    for (let core = 0; core < cores; core += 1) {
      const count = summary.count[core] ?? 0;
      if (count === 0) continue;
      const share = (summary.sum[core] ?? 0) / count / fullCode;
      const most = (summary.max[core] ?? 0) / fullCode;
      const before = coreMax[core] ?? Number.NaN;
      if (!(before >= most)) coreMax[core] = most;
      coreMean[core] = (coreMean[core] ?? 0) + share * insideMs;
      coreMs[core] = (coreMs[core] ?? 0) + insideMs;
      busy += share;
    }
    coveredMs += insideMs;
    const whole = Math.min(cores, Math.round(busy));
    timeByBusyCores[whole] = (timeByBusyCores[whole] ?? 0) + insideMs;
    const value = (id: TrackId) => tracks.read(stretch, id);
    const run = value('runCores');
    if (run.samples > 0) {
      runMs += insideMs;
      runCpuMs += run.mean * insideMs;
    }
    const wait = value('waitCores');
    if (wait.samples > 0) {
      waitMs += wait.mean * insideMs;
      waitKnownMs += insideMs;
    }
    peakPssBytes = greater(peakPssBytes, value('pssBytes').max);
    peakRssBytes = greater(peakRssBytes, value('rssBytes').max);
  };

  for (let block = times.firstBlock; block < times.endBlock; block += 1) {
    Object.assign(stretch, { fromBlock: block, toBlock: block + 1, from: 0, to: 0 });
    add(times.blockEndMs(block), times.blockCoverMs(block));
  }
  for (let index = times.firstSampleFrom(startMs); index < times.nextIndex; index += 1) {
    Object.assign(stretch, { fromBlock: 0, toBlock: 0, from: index, to: index + 1 });
    add(times.endMs(index), times.coverMs(index));
    if (times.endMs(index) - times.coverMs(index) >= endMs) break;
  }
  return {
    startMs,
    endMs,
    coveredMs,
    coreMean: coreMean.map((sumMs, core) => sumMs / (coreMs[core] ?? 0)),
    coreMax,
    busyCores: coreMean.reduce((sum, ms) => sum + ms, 0) / coveredMs,
    timeByBusyCores,
    runMs,
    runCpuMs: runMs > 0 ? runCpuMs : Number.NaN,
    peakPssBytes,
    peakRssBytes,
    waitCores: waitMs / waitKnownMs,
  };
}

function greater(one: number, other: number): number {
  return one >= other || Number.isNaN(other) ? one : other;
}
