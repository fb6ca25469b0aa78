import type { HeatmapPainter, PaintedRun } from './painter.ts';

/** Where the painter's ring becomes visible. */
export interface Surface {
  /** Shows the ring so that `firstBucket` stands at the left edge; `runs` are the columns that changed. */
  present(painter: HeatmapPainter, runs: readonly PaintedRun[], firstBucket: number): void;
}

/**
 * Draws on the page's canvas straight from the ring's pixels: its end, then its beginning. A second canvas to copy from
 * would be as large as the first again, and each change of it another copy of the whole.
 */
export function createCanvasSurface(canvas: OffscreenCanvas): Surface {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('an OffscreenCanvas has no 2d context');
  let shown: { readonly painter: HeatmapPainter; readonly image: ImageData } | null = null;
  let shownFrom = Number.NaN;

  return {
    present(painter, runs, firstBucket) {
      const { widthPx, heightPx } = painter.layout;
      const isNew = shown?.painter !== painter;
      if (shown === null || isNew) {
        const bytes = new Uint8ClampedArray(painter.pixels.buffer);
        shown = { painter, image: new ImageData(bytes, widthPx, heightPx) };
        canvas.width = widthPx;
        canvas.height = heightPx;
      }
      const { image } = shown;
      const split = painter.columnOf(firstBucket);
      // Where nothing has scrolled only what was painted is damaged, and only that is copied on its way to the screen.
      const isStill = !isNew && shownFrom === firstBucket;
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
