import { formatPercent } from '../../shared/format.ts';
import { coreCode } from '../../shared/recording.ts';
import type { SessionMs } from '../../shared/units.ts';
import type { CoreRow } from './core-rows.ts';
import type { PictureColumns } from './recorded-cells.ts';
import { formatSessionTime, type TimeRange } from './time-range.ts';

/** One cell of the heatmap that the keys are on: a core, by its row, and a moment. */
export interface RecordedCell {
  readonly row: number;
  readonly atMs: SessionMs;
}

/** The cursor goes through what is shown in so many steps. */
const cursorSteps = 120;

export function cellStepMs({ spanMs }: TimeRange): number {
  return spanMs / cursorSteps;
}

/**
 * Where the cursor goes from `cell` by columns and rows; from the middle of the first row where there is none, or it is
 * out of sight. It stays within the recording; what is shown follows it (`panBy`, a fraction of the range).
 */
export function moveCell(
  cell: RecordedCell | null,
  columns: number,
  rowsDown: number,
  shown: TimeRange,
  bounds: { readonly fromMs: SessionMs; readonly toMs: SessionMs },
  rowCount: number,
): { readonly cell: RecordedCell; readonly panBy: number } {
  const endMs = shown.startMs + shown.spanMs;
  const isInSight = cell !== null && cell.atMs >= shown.startMs && cell.atMs <= endMs;
  if (!isInSight) {
    const row = Math.min(cell?.row ?? 0, rowCount - 1);
    return { cell: { row, atMs: shown.startMs + shown.spanMs / 2 }, panBy: 0 };
  }
  const row = Math.min(Math.max(cell.row + rowsDown, 0), Math.max(0, rowCount - 1));
  const wantedMs = cell.atMs + columns * cellStepMs(shown);
  const atMs = Math.min(Math.max(wantedMs, bounds.fromMs), bounds.toMs);
  const beyondMs = atMs < shown.startMs ? atMs - shown.startMs : atMs > endMs ? atMs - endMs : 0;
  // Half a screen at once, so that not every step moves the picture.
  const panBy = beyondMs === 0 ? 0 : Math.sign(beyondMs) / 2;
  return { cell: { row, atMs }, panBy };
}

/** What the cursor is on, in words: `Core 3 at 12.4 s: 85 % busy, 60 to 100 %`. */
export function cellWords(picture: PictureColumns, { label, core }: CoreRow, atMs: SessionMs): string {
  const { startMs, bucketMs, bucketCount, cores, coreMin, coreMean, coreMax } = picture;
  const where = `${label} at ${formatSessionTime(atMs, Math.min(1000, bucketMs))}`;
  const bucket = Math.floor((atMs - startMs) / bucketMs);
  const place = core * bucketCount + bucket;
  const isInside = bucket >= 0 && bucket < bucketCount && core < cores;
  const mean = isInside ? (coreMean[place] ?? coreCode.missing) : coreCode.missing;
  if (mean > coreCode.full) return `${where}: no sample`;
  const share = (code: number | undefined): string => formatPercent((code ?? mean) / coreCode.full);
  const [low, high] = [share(coreMin[place]), share(coreMax[place])];
  return low === high ? `${where}: ${low} busy` : `${where}: ${share(mean)} busy, ${low} to ${high}`;
}
