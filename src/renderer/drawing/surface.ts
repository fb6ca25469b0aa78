import type { Milliseconds } from '../../shared/units.ts';
import type { HeatmapPainter, PaintedRun } from './painter.ts';

/** Pictures that follow each other sooner than this may be under way to the screen together. */
const hurriedMs: Milliseconds = 50;
/**
 * After the last hurried picture the canvas's buffers are given back. Smaller: a drag that pauses has them made anew.
 * Larger: the memory comes back later.
 */
const restAfterMs: Milliseconds = 1_000;

/** Where the painter's ring becomes visible. */
export interface Surface {
  /** Shows the ring so that `firstBucket` stands at the left edge; `runs` are the columns that changed. */
  present(painter: HeatmapPainter, runs: readonly PaintedRun[], firstBucket: number): void;
}

/**
 * Draws on the page's canvas straight from the ring's pixels: its end, then its beginning. A second canvas to copy from
 * would be as large as the first again, and each change of it another copy of the whole.
 *
 * Chromium keeps a buffer of the canvas's size for each picture that was ever under way at the same time as others:
 * five after a busy start, 4.3 MB each, where two do ten times a second. It gives them back when the size is set, be
 * it to the same, so that is done once the hurry is over.
 */
export function createCanvasSurface(
  canvas: OffscreenCanvas,
  nowMs: () => Milliseconds = () => performance.now(),
): Surface {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('an OffscreenCanvas has no 2d context');
  let shown: { readonly painter: HeatmapPainter; readonly image: ImageData } | null = null;
  let shownFrom = Number.NaN;
  let presentedAtMs = Number.NEGATIVE_INFINITY;
  /** When a picture last followed another in a hurry; null where the buffers of that have been given back. */
  let hurriedAtMs: Milliseconds | null = null;

  /** Notes that a picture is made, and says whether to give back the buffers of hurried ones. */
  function restsFrom(atMs: Milliseconds): boolean {
    if (atMs - presentedAtMs < hurriedMs) hurriedAtMs = atMs;
    presentedAtMs = atMs;
    if (hurriedAtMs === null || atMs - hurriedAtMs < restAfterMs) return false;
    hurriedAtMs = null;
    return true;
  }

  return {
    present(painter, runs, firstBucket) {
      const { widthPx, heightPx } = painter.layout;
      const isRested = restsFrom(nowMs());
      const isNew = shown?.painter !== painter;
      if (shown === null || isNew) {
        const bytes = new Uint8ClampedArray(painter.pixels.buffer);
        shown = { painter, image: new ImageData(bytes, widthPx, heightPx) };
      }
      if (isNew || isRested) {
        canvas.width = widthPx;
        canvas.height = heightPx;
      }
      const { image } = shown;
      const split = painter.columnOf(firstBucket);
      // Where nothing has scrolled only what was painted is damaged, and only that is copied on its way to the screen.
      const isStill = !isNew && !isRested && shownFrom === firstBucket;
      const changed = isStill
        ? runs
        : [
            { x: split, width: widthPx - split },
            { x: 0, width: split },
          ];
      shownFrom = firstBucket;
      for (const { x, width } of changed) {
        if (width === 0) continue;
        const shownX = (x - split + widthPx) % widthPx;
        context.putImageData(image, shownX - x, 0, x, 0, width, heightPx);
      }
    },
  };
}
