import { overviewSeries, type OverviewSeries } from '../../shared/recording.ts';
import type { EntityInfo, SampleFrame } from '../../shared/sample.ts';
import type { OverviewSample } from './overview-levels.ts';

/** What of a row's description decides where it is counted. */
export type RowPlace = Pick<EntityInfo, 'kind' | 'owner' | 'parentKey'>;

/** The columns of a frame that the overview is made of. */
export const overviewColumns = [
  'coreBusy',
  'totalCpuShare',
  'totalRssBytes',
  'totalPssBytes',
  'throttledShare',
  'latenessMs',
  'ownCpuShare',
  'ownRssBytes',
] as const;

/** Sums over the roots of the watched trees; unknown where there is no tree, or one root's figure is unknown. */
export function overviewSampleOf(
  frame: SampleFrame,
  rows: { get(key: number): RowPlace | undefined },
): OverviewSample {
  let roots = 0;
  let processes = 0;
  let cpuShare = 0;
  let rssBytes = 0;
  let pssBytes = 0;
  const { keys } = frame;
  for (let row = 0; row < keys.length; row += 1) {
    const place = rows.get(keys[row] ?? Number.NaN);
    if (place?.kind !== 'process' || place.owner !== 'run') continue;
    processes += 1;
    if (place.parentKey !== null) continue;
    roots += 1;
    cpuShare += frame.totalCpuShare[row] ?? Number.NaN;
    rssBytes += frame.totalRssBytes[row] ?? Number.NaN;
    pssBytes += frame.totalPssBytes[row] ?? Number.NaN;
  }
  const values: Record<OverviewSeries, number> = {
    runCpuShare: roots === 0 ? Number.NaN : cpuShare,
    runRssBytes: roots === 0 ? Number.NaN : rssBytes,
    runPssBytes: roots === 0 ? Number.NaN : pssBytes,
    runProcesses: processes,
    throttledShare: frame.throttledShare,
    latenessMs: frame.latenessMs,
    ownCpuShare: frame.ownCpuShare,
    ownRssBytes: frame.ownRssBytes,
  };
  return {
    atMs: frame.atMs,
    cores: frame.coreBusy,
    series: Float64Array.from(overviewSeries, (name) => values[name]),
  };
}
