import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import { rowGapPx, type HeatRow } from './heat-rows.ts';
import { CellSummary, fullCode, missingCode, outsideCode } from './cell-summary.ts';
import type { History } from './history.ts';
import { paintLaneColumn } from './lane-painter.ts';
import { firstWorkerCode, type Palette } from './palette.ts';
import { laneIds, type HeatMode, type LaneArea, type LaneId, type Reduction } from './protocol.ts';
import { emptyStretch, type Stretch } from './sample-times.ts';

/** Device pixels: one diagonal line of the hatch every so many, one pixel wide per unit of device pixel ratio. */
const hatchPeriodPx = 6;

export interface PainterLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly devicePixelRatio: number;
  /** From the top; they share the heatmap's height evenly. */
  readonly rows: readonly HeatRow[];
  readonly heatHeightPx: number;
  /** Below the heatmap. */
  readonly lanes: readonly LaneArea[];
}

/** How the samples become a picture. A change of any of these repaints everything. */
export interface PainterLook {
  readonly palette: Palette;
  readonly mode: HeatMode;
  readonly reduction: Reduction;
  readonly laneEnds: Readonly<Record<LaneId, number>>;
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
interface RowBand {
  readonly top: number;
  readonly bottom: number;
  readonly cores: readonly number[];
}

export function rowBandsFor({ heatHeightPx: heightPx, devicePixelRatio, rows }: PainterLayout): RowBand[] {
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

/** What a column depends on besides the bucket. */
interface PaintedWith {
  readonly history: History;
  readonly look: PainterLook;
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
  private readonly bands: readonly RowBand[];
  /** Codes of the run being painted, band by band. */
  private readonly codes: Uint16Array;
  /** The lowest values to the codes, where lines are drawn: a line reaches from one to the other. */
  private readonly lows: Uint16Array;
  /** Band by band; null where a band shows several cores. */
  private readonly coreOfBand: Uint16Array | null;
  private paintedWith: PaintedWith | null = null;
  private paintedFrom = 0;
  /** Samples that ended in this bucket or later had not all been seen when it was painted. */
  private openBucket = Number.NEGATIVE_INFINITY;
  /** Buckets up to this one may have lost samples to the ring's reuse since they were painted. */
  private firstSampleBucket = 0;
  /** The samples of this bucket and older ones are known by their blocks only. */
  private firstFineBucket = 0;
  private readonly stretch: Stretch = emptyStretch();
  private summary = new CellSummary(1);
  private peaks = new Uint8Array(1);

  constructor(layout: PainterLayout) {
    this.layout = layout;
    this.pixels = new Uint32Array(layout.widthPx * layout.heightPx);
    this.bands = rowBandsFor(layout);
    const isPlain = this.bands.every(({ cores }) => cores.length === 1);
    this.coreOfBand = isPlain ? Uint16Array.from(this.bands, ({ cores }) => cores[0] ?? 0) : null;
    this.codes = new Uint16Array(this.bands.length * layout.widthPx);
    this.lows = new Uint16Array(this.codes.length);
  }

  /** Column of the ring that shows a bucket. */
  columnOf(bucket: number): number {
    const { widthPx } = this.layout;
    return ((bucket % widthPx) + widthPx) % widthPx;
  }

  /** Brings the ring up to date with the view and returns the columns that changed, left to right per run. */
  paint(history: History, look: PainterLook, view: BucketView): PaintedRun[] {
    const { widthPx } = this.layout;
    const { firstBucket, bucketMs } = view;
    const { times, cores } = history.heat;
    const endBucket = firstBucket + widthPx;
    const bucketOf = (atMs: number | null): number => Math.floor((atMs ?? 0) / bucketMs);
    const before = this.paintedWith;
    const same = before?.history === history && isSameLook(before.look, look) && before.bucketMs === bucketMs;
    if (this.peaks.length !== cores) {
      this.summary = new CellSummary(cores);
      this.peaks = new Uint8Array(cores);
    }

    const firstSampleBucket = bucketOf(times.firstMs);
    const evictedTo =
      firstSampleBucket === this.firstSampleBucket ? Number.NEGATIVE_INFINITY : firstSampleBucket;
    const firstFineBucket = bucketOf(times.firstFineMs);
    // Samples that have become a block since: a block may end in a later bucket than its samples did.
    const coarsenedFrom = this.firstFineBucket;
    const coarsenedTo = firstFineBucket === coarsenedFrom ? Number.NEGATIVE_INFINITY : firstFineBucket;
    const isStale = (bucket: number): boolean =>
      !same ||
      bucket < this.paintedFrom ||
      bucket >= this.paintedFrom + widthPx ||
      bucket >= this.openBucket ||
      bucket <= evictedTo ||
      (bucket >= coarsenedFrom && bucket <= coarsenedTo);

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
      this.paintRun(history, look, view, bucket, { x, width });
      runs.push({ x, width });
      bucket += width;
    }

    this.paintedWith = { history, look, bucketMs };
    this.paintedFrom = firstBucket;
    this.openBucket = times.latestMs === null ? Number.NEGATIVE_INFINITY : bucketOf(times.latestMs);
    this.firstSampleBucket = firstSampleBucket;
    this.firstFineBucket = firstFineBucket;
    return runs;
  }

  private paintRun(
    history: History,
    look: PainterLook,
    { bucketMs, horizonMs }: BucketView,
    firstBucket: number,
    { x, width }: PaintedRun,
  ): void {
    const { bands, codes, stretch } = this;
    const { lanes, widthPx, devicePixelRatio } = this.layout;
    for (let column = 0; column < width; column += 1) {
      const bucket = firstBucket + column;
      history.heat.times.find(bucket, bucketMs, horizonMs, stretch);
      this.readCodes(history, look, column, width);
      for (const area of lanes) {
        const inLane = { pixels: this.pixels, widthPx, devicePixelRatio, x: x + column, bucket };
        const known = stretch.state === 'measured' ? stretch : null;
        paintLaneColumn(area, look.laneEnds[area.lane], look.palette, history, known, inLane);
      }
    }
    const { workers, colours: busy, none } = look.palette;
    const colours = look.mode === 'workers' ? workers : look.mode === 'lines' ? none : busy;
    for (let index = 0; index < bands.length; index += 1) {
      const band = bands[index];
      if (band !== undefined) {
        const row = codes.subarray(index * width, (index + 1) * width);
        this.paintBand(colours, look.palette.hatch, band, row, firstBucket, x);
        if (look.mode === 'lines') this.paintLine(look.palette, band, row, index * width, x);
      }
    }
  }

  /** What the column's stretch says of every band. */
  private readCodes(history: History, { mode, reduction }: PainterLook, column: number, width: number): void {
    const { bands, codes, summary, peaks, stretch } = this;
    const { state } = stretch;
    const drawsPeaks = mode === 'busy' && reduction === 'max';
    if (state === 'measured' && drawsPeaks) history.heat.reducePeaks(stretch, peaks);
    else if (state === 'measured' && mode === 'lines') {
      summary.clear();
      history.heat.reduce(stretch, summary);
    } else if (state === 'measured' && mode !== 'wait') {
      summary.clear();
      history.heat.reduceMeans(stretch, summary);
    }
    const plain = this.coreOfBand;
    if (plain !== null && state === 'measured' && drawsPeaks) {
      for (let index = 0; index < plain.length; index += 1) {
        const peak = peaks[plain[index] ?? 0] ?? 0;
        codes[index * width + column] = peak === 0 ? missingCode : peak - 1;
      }
      return;
    }
    for (let index = 0; index < bands.length; index += 1) {
      const cores = bands[index]?.cores ?? [];
      let code = outsideCode;
      if (state === 'missing') code = missingCode;
      else if (state === 'measured' && drawsPeaks) code = highestCode(peaks, cores);
      else if (state === 'measured' && mode === 'busy') code = busiestCode(summary, cores, reduction);
      else if (state === 'measured' && mode === 'lines') {
        code = busiestCode(summary, cores, 'max');
        this.lows[index * width + column] = lowestCode(summary, cores);
      } else if (state === 'measured') {
        // Workers are known of single samples only: of what is older, as of a bad sample, nothing is claimed.
        code = mode === 'wait' ? outsideCode : busiestCode(summary, cores, 'mean');
        for (const core of cores) {
          const { slot, waitCode } = history.placements.read(stretch, core);
          if (mode === 'workers' && slot > 0) code = firstWorkerCode + slot;
          if (mode === 'wait' && waitCode <= fullCode && (code > fullCode || waitCode > code))
            code = waitCode;
        }
      }
      codes[index * width + column] = code;
    }
  }

  /** The area up to the highest value of each column, and a line over it as high as its values differ. */
  private paintLine(
    { plain: { area, line } }: Palette,
    { top, bottom }: RowBand,
    codes: Uint16Array,
    firstLow: number,
    x: number,
  ): void {
    const { pixels, lows } = this;
    const { widthPx, devicePixelRatio } = this.layout;
    const lineWidth = Math.max(1, Math.round(devicePixelRatio));
    const reach = bottom - top - lineWidth;
    for (let column = 0; column < codes.length; column += 1) {
      const code = codes[column] ?? outsideCode;
      if (code > fullCode) continue;
      const highY = bottom - lineWidth - Math.round((code / fullCode) * reach);
      const lowY = bottom - Math.round(((lows[firstLow + column] ?? code) / fullCode) * reach);
      for (let y = highY; y < bottom; y += 1) {
        pixels[y * widthPx + x + column] = y < lowY ? line : area;
      }
    }
  }

  /** Paints the band's first row, copies it down, and hatches what is missing. */
  private paintBand(
    colours: Uint32Array,
    hatch: number,
    band: RowBand,
    codes: Uint16Array,
    firstBucket: number,
    x: number,
  ): void {
    const { pixels } = this;
    const { widthPx } = this.layout;
    const width = codes.length;
    const firstRow = band.top * widthPx + x;
    for (let column = 0; column < width; column += 1) {
      pixels[firstRow + column] = colours[codes[column] ?? outsideCode] ?? 0;
    }
    for (let y = band.top + 1; y < band.bottom; y += 1) {
      pixels.copyWithin(y * widthPx + x, firstRow, firstRow + width);
    }
    for (let column = 0; column < width; column += 1) {
      if (codes[column] !== missingCode) continue;
      for (let y = band.top; y < band.bottom; y += 1) {
        if (isHatched(firstBucket + column, y, this.layout.devicePixelRatio)) {
          pixels[y * widthPx + x + column] = hatch;
        }
      }
    }
  }
}

/** The lowest of several cores in one pixel row. */
function lowestCode({ min, count }: CellSummary, cores: readonly number[]): number {
  return cores.reduce(
    (lowest, core) => ((count[core] ?? 0) > 0 ? Math.min(lowest, min[core] ?? lowest) : lowest),
    fullCode,
  );
}

function isSameLook(one: PainterLook, other: PainterLook): boolean {
  if (one.palette !== other.palette || one.mode !== other.mode || one.reduction !== other.reduction) {
    return false;
  }
  const ends = one.laneEnds;
  return laneIds.every((lane) => ends[lane] === other.laneEnds[lane]);
}

/** Whether a missing cell's pixel lies on a line of the hatch. By bucket, so that the hatch scrolls with the time. */
export function isHatched(bucket: number, y: number, devicePixelRatio: number): boolean {
  const lineWidth = Math.max(1, Math.round(devicePixelRatio));
  const period = hatchPeriodPx * lineWidth;
  return (((bucket + y) % period) + period) % period < lineWidth;
}

/** One core's code; of several cores in one pixel row, the busiest one's. */
function busiestCode(summary: CellSummary, cores: readonly number[], reduction: Reduction): number {
  let busiest = missingCode;
  for (const core of cores) {
    const code = summary.code(core, reduction);
    if (code <= fullCode && (busiest === missingCode || code > busiest)) busiest = code;
  }
  return busiest;
}

/** The same of peaks, which are codes plus one. */
function highestCode(peaks: Uint8Array, cores: readonly number[]): number {
  let highest = 0;
  for (const core of cores) {
    const peak = peaks[core] ?? 0;
    if (peak > highest) highest = peak;
  }
  return highest === 0 ? missingCode : highest - 1;
}
