import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type { StrategyId } from '../../shared/workload.ts';
import type { TimeRange } from './time-range.ts';

/** A stretch of time during which one run was on. */
export interface RunBand {
  readonly label: string;
  readonly strategy: StrategyId;
  readonly startMs: SessionMs;
  /** Null while the run is still on. */
  readonly endMs: SessionMs | null;
  readonly warmUp: boolean;
  /** When the work itself began and ended; what lies before is start-up, after it tear-down. Null: not yet. */
  readonly workStartMs?: SessionMs | null;
  readonly workEndMs?: SessionMs | null;
}

/** A band as it is drawn; `x` counts CSS pixels from the left edge of the plot. */
export interface BandBox {
  readonly band: RunBand;
  readonly x: number;
  readonly width: number;
  /** Middle of the part that lies within the plot. */
  readonly textX: number;
  /** Where the work itself is, as `x`; null where it is not known. */
  readonly work: { readonly x: number; readonly width: number } | null;
  /** What fits inside; empty where nothing does. */
  readonly text: string;
}

/** Space between a label and the ends of its band. */
const paddingPx = 5;
/** Bands that follow one another without a pause are kept apart by this much. */
const separationPx = 1;
/** A run too short for the scale is still one pixel wide. */
const leastWidthPx = 1;

/**
 * The bands that can be seen in a range drawn `plotPx` wide, and in the `overhangPx` after it. `nowMs` is where a run that
 * is on ends for now.
 */
export function bandBoxes(
  bands: readonly RunBand[],
  range: TimeRange,
  plotPx: number,
  overhangPx: number,
  nowMs: SessionMs,
  measureText: (text: string) => number,
): BandBox[] {
  const pxPerMs = plotPx / range.spanMs;
  const endMs = range.startMs + (plotPx + overhangPx) / pxPerMs;
  const boxes: BandBox[] = [];
  for (const band of bands) {
    const bandEndMs = band.endMs ?? Math.max(band.startMs, nowMs);
    if (bandEndMs < range.startMs || band.startMs > endMs) continue;
    const left = Math.max(0, (band.startMs - range.startMs) * pxPerMs);
    const right = Math.min(plotPx + overhangPx, (bandEndMs - range.startMs) * pxPerMs);
    const width = Math.max(leastWidthPx, right - left - separationPx);
    const inPlotPx = Math.min(plotPx, left + width) - left;
    const room = inPlotPx - 2 * paddingPx;
    const text = [band.label, band.strategy].find((candidate) => measureText(candidate) <= room) ?? '';
    const pixelOf = (atMs: SessionMs): number =>
      Math.min(right, Math.max(left, (atMs - range.startMs) * pxPerMs));
    const { workStartMs = null, workEndMs = null } = band;
    const workLeft = workStartMs === null ? 0 : pixelOf(workStartMs);
    const work =
      workStartMs === null ? null : { x: workLeft, width: pixelOf(workEndMs ?? bandEndMs) - workLeft };
    boxes.push({ band, x: left, width, work, textX: left + inPlotPx / 2, text });
  }
  return boxes;
}

/** Whether a run takes part of a stretch of the row of bands; one that is on takes all that comes. */
export function isOverRun(bands: readonly RunBand[], fromMs: SessionMs, toMs: SessionMs): boolean {
  return bands.some(({ startMs, endMs }) => startMs < toMs && (endMs ?? Number.POSITIVE_INFINITY) > fromMs);
}

/** A tree is still seen in the tick in which its run ends. */
const afterRunMs: Milliseconds = 500;

/** Whether what was seen last until `seenMs` belonged to the last run; what was seen later was only watched. */
export function isOfLastRun(bands: readonly RunBand[], seenMs: SessionMs): boolean {
  const last = bands.at(-1);
  return last !== undefined && (last.endMs === null || seenMs <= last.endMs + afterRunMs);
}

/** The run that was on at a time, if any. */
export function bandAt(bands: readonly RunBand[], atMs: SessionMs): RunBand | null {
  return bands.findLast((band) => band.startMs <= atMs && (band.endMs ?? Infinity) >= atMs) ?? null;
}
