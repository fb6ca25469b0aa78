import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { plainRows } from '../../../../src/renderer/drawing/heat-rows.ts';
import { History } from '../../../../src/renderer/drawing/history.ts';
import { HeatmapPainter, type PainterLook } from '../../../../src/renderer/drawing/painter.ts';
import { paletteFor } from '../../../../src/renderer/drawing/palette.ts';
import { createCanvasSurface } from '../../../../src/renderer/drawing/surface.ts';

const widthPx = 16;
const heightPx = 6;
const cores = 2;

/** What a canvas does with `putImageData`, and how many of its pixels that touched. */
class DrawnCanvas {
  width = 0;
  height = 0;
  touched = 0;
  pixels = new Uint32Array(widthPx * heightPx);

  getContext() {
    return {
      putImageData: (
        image: ImageData,
        dx: number,
        dy: number,
        x: number,
        y: number,
        w: number,
        h: number,
      ) => {
        const source = new Uint32Array(image.data.buffer);
        for (let row = y; row < y + h; row += 1) {
          for (let column = x; column < x + w; column += 1) {
            const shownX = dx + column;
            const shownY = dy + row;
            if (shownX < 0 || shownX >= widthPx || shownY < 0 || shownY >= heightPx) continue;
            this.touched += 1;
            this.pixels[shownY * widthPx + shownX] = source[row * widthPx + column] ?? 0;
          }
        }
      },
    };
  }
}

beforeEach(() => {
  vi.stubGlobal(
    'ImageData',
    class {
      readonly data: Uint8ClampedArray;
      constructor(data: Uint8ClampedArray) {
        this.data = data;
      }
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const layout = {
  widthPx,
  heightPx,
  devicePixelRatio: 1,
  rows: plainRows(cores),
  heatHeightPx: heightPx,
  lanes: [],
};
const look: PainterLook = {
  palette: paletteFor('dark'),
  mode: 'busy',
  reduction: 'max',
  laneEnds: { cores: 1, wait: 1, memory: 1 },
};

it('shows what a painter made from scratch would show, wherever the ring begins', () => {
  const history = History.ofCores(cores);
  const canvas = new DrawnCanvas();
  // @ts-expect-error -- the part of a canvas that the surface uses
  const surface = createCanvasSurface(canvas);
  const painter = new HeatmapPainter(layout);
  for (let sample = 1; sample <= 40; sample += 1) {
    history.heat.append(sample * 100, 100, [(sample % 7) / 7, (sample % 5) / 5]);
    const view = { firstBucket: Math.max(0, sample - widthPx), bucketMs: 100, horizonMs: sample * 100 };
    surface.present(painter, painter.paint(history, look, view), view.firstBucket);
    const fresh = new HeatmapPainter(layout);
    fresh.paint(history, look, view);
    const expected = Uint32Array.from({ length: widthPx * heightPx }, (_, index) => {
      const column = fresh.columnOf(view.firstBucket + (index % widthPx));
      return fresh.pixels[index - (index % widthPx) + column] ?? 0;
    });
    expect([sample, ...canvas.pixels]).toEqual([sample, ...expected]);
  }
});

it('touches only the columns that changed while nothing scrolls', () => {
  const history = History.ofCores(cores);
  const canvas = new DrawnCanvas();
  // @ts-expect-error -- the part of a canvas that the surface uses
  const surface = createCanvasSurface(canvas);
  const painter = new HeatmapPainter(layout);
  const present = (sample: number): number => {
    history.heat.append(sample * 100, 100, [1, 0]);
    const view = { firstBucket: 0, bucketMs: 100, horizonMs: sample * 100 };
    const before = canvas.touched;
    surface.present(painter, painter.paint(history, look, view), 0);
    return canvas.touched - before;
  };
  expect(present(1)).toBe(widthPx * heightPx);
  for (let sample = 2; sample <= 14; sample += 1) present(sample);
  // The bucket in which the newest sample ended, and the one after it.
  expect(present(15)).toBe(2 * heightPx);
});
