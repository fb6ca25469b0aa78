import type { HeatmapPainter, PaintedRun } from './painter.ts';

/** Where the painter's ring becomes visible. */
export interface Surface {
  /** Shows the ring so that `firstBucket` stands at the left edge; `runs` are the columns that changed. */
  present(painter: HeatmapPainter, runs: readonly PaintedRun[], firstBucket: number): void;
}

/**
 * Draws on the page's canvas. The ring's pixels are uploaded column by column into a second canvas, and two
 * unsmoothed copies of that one make the picture: its end, then its beginning.
 */
export function createCanvasSurface(canvas: OffscreenCanvas): Surface {
  const context = canvas.getContext('2d');
  const ring = new OffscreenCanvas(1, 1);
  const ringContext = ring.getContext('2d');
  if (context === null || ringContext === null) throw new Error('an OffscreenCanvas has no 2d context');
  let uploaded: { readonly painter: HeatmapPainter; readonly image: ImageData } | null = null;
  let shownFrom = Number.NaN;

  return {
    present(painter, runs, firstBucket) {
      const { widthPx, heightPx } = painter.layout;
      const isNew = uploaded?.painter !== painter;
      if (uploaded === null || isNew) {
        const bytes = new Uint8ClampedArray(painter.pixels.buffer);
        uploaded = { painter, image: new ImageData(bytes, widthPx, heightPx) };
        ring.width = widthPx;
        ring.height = heightPx;
        canvas.width = widthPx;
        canvas.height = heightPx;
      }
      const { image } = uploaded;
      const dirty = isNew ? [{ x: 0, width: widthPx }] : runs;
      for (const { x, width } of dirty) ringContext.putImageData(image, 0, 0, x, 0, width, heightPx);

      const split = painter.columnOf(firstBucket);
      if (!isNew && shownFrom === firstBucket) {
        // Nothing has scrolled: only what was painted is damaged, and only that is copied on its way to the screen.
        for (const { x, width } of runs) {
          const shownX = (x - split + widthPx) % widthPx;
          context.putImageData(image, shownX - x, 0, x, 0, width, heightPx);
        }
        return;
      }
      shownFrom = firstBucket;
      context.imageSmoothingEnabled = false;
      context.clearRect(0, 0, widthPx, heightPx);
      const endWidth = widthPx - split;
      context.drawImage(ring, split, 0, endWidth, heightPx, 0, 0, endWidth, heightPx);
      if (split > 0) context.drawImage(ring, 0, 0, split, heightPx, endWidth, 0, split, heightPx);
    },
  };
}
