import { overviewSeries, type OverviewSeries } from '../../shared/recording.ts';
import type { SampleFrame } from '../../shared/sample.ts';
import type { OverviewSample } from './overview-levels.ts';
import { sumColumns, sumRows, type RowPlace } from './row-sums.ts';

/** The columns of a frame that the overview is made of. */
export const overviewColumns = [
  'coreBusy',
  ...sumColumns,
  'throttledShare',
  'latenessMs',
  'ownCpuShare',
  'ownRssBytes',
] as const;

export function overviewSampleOf(
  frame: SampleFrame,
  rows: { get(key: number): RowPlace | undefined },
): OverviewSample {
  const { cpuShare, rssBytes, pssBytes, waitShare, processes } = sumRows(frame, rows);
  const values: Record<OverviewSeries, number> = {
    runCpuShare: cpuShare,
    runRssBytes: rssBytes,
    runPssBytes: pssBytes,
    runProcesses: processes,
    throttledShare: frame.throttledShare,
    latenessMs: frame.latenessMs,
    ownCpuShare: frame.ownCpuShare,
    ownRssBytes: frame.ownRssBytes,
    runWaiting: waitShare,
  };
  return {
    atMs: frame.atMs,
    cores: frame.coreBusy,
    series: Float64Array.from(overviewSeries, (name) => values[name]),
  };
}
