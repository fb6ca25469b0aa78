import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import { rowGapPx, type HeatRow } from './heat-rows.ts';
import { CellSummary, fullCode, missingCode, outsideCode, type HeatmapStore } from './heatmap-store.ts';
import type { Palette } from './palette.ts';
import type { Reduction } from './protocol.ts';

/** Device pixels: one diagonal line of the hatch every so many, one pixel wide per unit of device pixel ratio. */
const hatchPeriodPx = 6;

export interface PainterLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly devicePixelRatio: number;
  /** From the top; they share the height evenly. */
  readonly rows: readonly HeatRow[];
}

/** The buckets on screen: one per pixel column, `widthPx` of them. */
export interface BucketView {
  readonly firstBucket: number;
  readonly bucketMs: Milliseconds;
  /** Time up to which samples should have come. */
  readonly horizonMs: SessionMs;
}

/** Columns of the ring that were painted anew. */
export interface PaintedRun {
  readonly x: number;
  readonly width: number;
}

/** Pixel rows that show the same cores: one core, or several where there are more rows than pixels. */
interface Lane {
  readonly top: number;
  readonly bottom: number;
  readonly cores: readonly number[];
}

export function lanesFor({ heightPx, devicePixelRatio, rows }: PainterLayout): Lane[] {
  const cores = rows.map(({ core }) => core);
  if (rows.length > heightPx) {
    return Array.from({ length: heightPx }, (_, y) => ({
      top: y,
      bottom: y + 1,
      cores: cores.slice(
        Math.floor((y * rows.length) / heightPx),
        Math.ceil(((y + 1) * rows.length) / heightPx),
      ),
    }));
  }
  const rowHeightPx = heightPx / rows.length / devicePixelRatio;
  return rows.map(({ core }, row) => {
    const below = rows[row + 1];
    const gapPx = below === undefined ? 0 : Math.round(rowGapPx(below.gap, rowHeightPx) * devicePixelRatio);
    return {
      top: Math.round((row * heightPx) / rows.length),
      bottom: Math.round(((row + 1) * heightPx) / rows.length) - gapPx,
      cores: [core],
    };
  });
}

/** What a column depends on besides the bucket. A change of any of these repaints everything. */
interface PaintedWith {
  readonly store: HeatmapStore;
  readonly palette: Palette;
  readonly reduction: Reduction;
  readonly bucketMs: number;
}

/**
 * Paints buckets into a ring of pixel columns: bucket `b` always stands in column `b mod width`, so scrolling moves
 * nothing and costs only the columns that are new. `paint` after `paint` leaves exactly the pixels that a painter
 * made from scratch would have made.
 */
export class HeatmapPainter {
  readonly layout: PainterLayout;
  /** The ring, row by row, little-endian RGBA. */
  readonly pixels: Uint32Array<ArrayBuffer>;
  private readonly lanes: readonly Lane[];
  /** Codes of the run being painted, lane by lane. */
  private readonly codes: Uint8Array;
  private paintedWith: PaintedWith | null = null;
  private paintedFrom = 0;
  /** Samples that ended in this bucket or later had not all been seen when it was painted. */
  private openBucket = Number.NEGATIVE_INFINITY;
  /** Buckets up to this one may have lost samples to the ring's reuse since they were painted. */
  private firstSampleBucket = 0;
  private summary = new CellSummary(1);

  constructor(layout: PainterLayout) {
    this.layout = layout;
    this.pixels = new Uint32Array(layout.widthPx * layout.heightPx);
    this.lanes = lanesFor(layout);
    this.codes = new Uint8Array(this.lanes.length * layout.widthPx);
  }

  /** Column of the ring that shows a bucket. */
  columnOf(bucket: number): number {
    const { widthPx } = this.layout;
    return ((bucket % widthPx) + widthPx) % widthPx;
  }

  /** Brings the ring up to date with the view and returns the columns that changed, left to right per run. */
  paint(store: HeatmapStore, palette: Palette, reduction: Reduction, view: BucketView): PaintedRun[] {
    const { widthPx } = this.layout;
    const { firstBucket, bucketMs } = view;
    const endBucket = firstBucket + widthPx;
    const bucketOf = (atMs: number | null): number => Math.floor((atMs ?? 0) / bucketMs);
    const before = this.paintedWith;
    const same =
      before?.store === store &&
      before.palette === palette &&
      before.reduction === reduction &&
      before.bucketMs === bucketMs;
    if (this.summary.count.length !== store.cores) this.summary = new CellSummary(store.cores);

    const firstSampleBucket = bucketOf(store.firstMs);
    const evictedTo =
      firstSampleBucket === this.firstSampleBucket ? Number.NEGATIVE_INFINITY : firstSampleBucket;
    const isStale = (bucket: number): boolean =>
      !same ||
      bucket < this.paintedFrom ||
      bucket >= this.paintedFrom + widthPx ||
      bucket >= this.openBucket ||
      bucket <= evictedTo;

    const runs: PaintedRun[] = [];
    let bucket = firstBucket;
    while (bucket < endBucket) {
      if (!isStale(bucket)) {
        bucket += 1;
        continue;
      }
      const x = this.columnOf(bucket);
      let width = 1;
      while (bucket + width < endBucket && x + width < widthPx && isStale(bucket + width)) width += 1;
      this.paintRun(store, palette, reduction, view, bucket, x, width);
      runs.push({ x, width });
      bucket += width;
    }

    this.paintedWith = { store, palette, reduction, bucketMs };
    this.paintedFrom = firstBucket;
    this.openBucket = store.latestMs === null ? Number.NEGATIVE_INFINITY : bucketOf(store.latestMs);
    this.firstSampleBucket = firstSampleBucket;
    return runs;
  }

  private paintRun(
    store: HeatmapStore,
    palette: Palette,
    reduction: Reduction,
    { bucketMs, horizonMs }: BucketView,
    firstBucket: number,
    x: number,
    width: number,
  ): void {
    const { lanes, codes, summary } = this;
    for (let column = 0; column < width; column += 1) {
      const state = store.readBucket(firstBucket + column, bucketMs, horizonMs, summary);
      lanes.forEach((lane, index) => {
        codes[index * width + column] =
          state === 'measured'
            ? laneCode(summary, lane, reduction)
            : state === 'missing'
              ? missingCode
              : outsideCode;
      });
    }
    lanes.forEach((lane, index) => {
      this.paintLane(palette, lane, index * width, firstBucket, x, width);
    });
  }

  /** Paints the lane's first row, copies it down, and hatches what is missing. */
  private paintLane(
    palette: Palette,
    lane: Lane,
    codesFrom: number,
    firstBucket: number,
    x: number,
    width: number,
  ): void {
    const { pixels, codes } = this;
    const { widthPx } = this.layout;
    const firstRow = lane.top * widthPx + x;
    for (let column = 0; column < width; column += 1) {
      pixels[firstRow + column] = palette.colours[codes[codesFrom + column] ?? outsideCode] ?? 0;
    }
    for (let y = lane.top + 1; y < lane.bottom; y += 1) {
      pixels.copyWithin(y * widthPx + x, firstRow, firstRow + width);
    }
    for (let column = 0; column < width; column += 1) {
      if (codes[codesFrom + column] !== missingCode) continue;
      for (let y = lane.top; y < lane.bottom; y += 1) {
        if (isHatched(firstBucket + column, y, this.layout.devicePixelRatio)) {
          pixels[y * widthPx + x + column] = palette.hatch;
        }
      }
    }
  }
}

/** Whether a missing cell's pixel lies on a line of the hatch. By bucket, so that the hatch scrolls with the time. */
export function isHatched(bucket: number, y: number, devicePixelRatio: number): boolean {
  const lineWidth = Math.max(1, Math.round(devicePixelRatio));
  const period = hatchPeriodPx * lineWidth;
  return (((bucket + y) % period) + period) % period < lineWidth;
}

/** One core's code; of several cores in one pixel row, the busiest one's. */
function laneCode(summary: CellSummary, lane: Lane, reduction: Reduction): number {
  let busiest = missingCode;
  for (const core of lane.cores) {
    const code = summary.code(core, reduction);
    if (code <= fullCode && (busiest === missingCode || code > busiest)) busiest = code;
  }
  return busiest;
}
