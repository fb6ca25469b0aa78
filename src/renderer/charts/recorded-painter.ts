import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import { CellSummary, fullCode, missingCode, outsideCode } from '../drawing/cell-summary.ts';
import type { HeatRow } from '../drawing/heat-rows.ts';
import { isHatched, rowBandsFor } from '../drawing/painter.ts';
import type { Palette } from '../drawing/palette.ts';
import type { Reduction } from '../drawing/protocol.ts';
import type { RecordedCells } from './recorded-cells.ts';

export interface RecordedView {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly devicePixelRatio: number;
  readonly rows: readonly HeatRow[];
  readonly startMs: SessionMs;
  readonly spanMs: Milliseconds;
}

/**
 * The cores of a recording as pixels, row by row, little-endian RGBA: the bands, colours and hatch of the live heatmap.
 * Painted anew for each range, for a recording does not scroll by itself: 64 cores take a few milliseconds.
 */
export function paintRecordedCells(
  cells: RecordedCells,
  view: RecordedView,
  { colours, hatch }: Pick<Palette, 'colours' | 'hatch'>,
  reduction: Reduction,
): Uint32Array<ArrayBuffer> {
  const { widthPx, heightPx, devicePixelRatio, rows, startMs, spanMs } = view;
  const pixels = new Uint32Array(widthPx * heightPx);
  const bands = rowBandsFor({ ...view, heatHeightPx: heightPx, lanes: [] });
  const summary = new CellSummary(Math.max(cells.cores, rows.length));
  const columnMs = spanMs / widthPx;
  for (let x = 0; x < widthPx; x += 1) {
    const state = cells.read(startMs + x * columnMs, startMs + (x + 1) * columnMs, summary);
    for (const { top, bottom, cores } of bands) {
      const code =
        state === 'measured'
          ? busiest(summary, cores, reduction)
          : state === 'missing'
            ? missingCode
            : outsideCode;
      const colour = colours[code] ?? 0;
      for (let y = top; y < bottom; y += 1) {
        const isLine = code === missingCode && isHatched(x, y, devicePixelRatio);
        pixels[y * widthPx + x] = isLine ? hatch : colour;
      }
    }
  }
  return pixels;
}

/** One core's code; of several cores in one pixel row, the busiest one's. */
function busiest(summary: CellSummary, cores: readonly number[], reduction: Reduction): number {
  let most = missingCode;
  for (const core of cores) {
    const code = summary.code(core, reduction);
    if (code <= fullCode && (most === missingCode || code > most)) most = code;
  }
  return most;
}
