import type { EntityInfo, SampleFrame } from '../../shared/sample.ts';

/** What of a row's description decides where it is counted. */
export type RowPlace = Pick<EntityInfo, 'kind' | 'owner' | 'parentKey'>;

/** Columns of a frame that the sums are made of. */
export const sumColumns = [
  'totalCpuShare',
  'totalRssBytes',
  'totalPssBytes',
  'waitShare',
] as const satisfies readonly (keyof SampleFrame)[];

/** Over the watched trees, Corescope's own left out. NaN where there is no tree, or a part of it is not known. */
export interface RunSums {
  readonly cpuShare: number;
  readonly rssBytes: number;
  readonly pssBytes: number;
  /** Threads that were ready and waited for a core. */
  readonly waitShare: number;
  readonly processes: number;
}

/** One unknown part makes a sum unknown, for a sum over the rest would be too low. */
export function sumRows(frame: SampleFrame, rows: { get(key: number): RowPlace | undefined }): RunSums {
  let [roots, processes, cpuShare, rssBytes, pssBytes, waitShare] = [0, 0, 0, 0, 0, 0];
  const { keys } = frame;
  for (let row = 0; row < keys.length; row += 1) {
    const place = rows.get(keys[row] ?? Number.NaN);
    if (place?.kind !== 'process' || place.owner !== 'run') continue;
    processes += 1;
    waitShare += frame.waitShare[row] ?? Number.NaN;
    if (place.parentKey !== null) continue;
    roots += 1;
    cpuShare += frame.totalCpuShare[row] ?? Number.NaN;
    rssBytes += frame.totalRssBytes[row] ?? Number.NaN;
    pssBytes += frame.totalPssBytes[row] ?? Number.NaN;
  }
  if (roots > 0) return { cpuShare, rssBytes, pssBytes, waitShare, processes };
  const none = Number.NaN;
  return { cpuShare: none, rssBytes: none, pssBytes: none, waitShare: none, processes };
}
