import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { plainRows } from '../../../../src/renderer/drawing/heat-rows.ts';
import { History } from '../../../../src/renderer/drawing/history.ts';
import { HeatmapPainter, type PainterLook } from '../../../../src/renderer/drawing/painter.ts';
import { paletteFor } from '../../../../src/renderer/drawing/palette.ts';
import { createCanvasSurface } from '../../../../src/renderer/drawing/surface.ts';

const widthPx = 16;
const heightPx = 6;
const cores = 2;

/** What a canvas does with `putImageData`, how many of its pixels that touched, and when it was made anew. */
class DrawnCanvas {
  height = 0;
  touched = 0;
  timesSized = 0;
  pixels = new Uint32Array(widthPx * heightPx);

  /** As in a browser, a canvas whose size is set is empty, be it the same size. */
  set width(_px: number) {
    this.timesSized += 1;
    this.pixels.fill(0);
  }

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

it('shows what a painter made from scratch would show, wherever the ring begins and however hurried it is', () => {
  const history = History.ofCores(cores);
  const canvas = new DrawnCanvas();
  // Hurried up to the 20th picture, then every 100 ms: made anew in between.
  let pictures = 0;
  const nowMs = (): number => (pictures <= 20 ? pictures * 10 : (pictures - 18) * 100);
  // @ts-expect-error -- the part of a canvas that the surface uses
  const surface = createCanvasSurface(canvas, nowMs);
  const painter = new HeatmapPainter(layout);
  for (let sample = 1; sample <= 40; sample += 1) {
    history.heat.append(sample * 100, 100, [(sample % 7) / 7, (sample % 5) / 5]);
    const view = { firstBucket: Math.max(0, sample - widthPx), bucketMs: 100, horizonMs: sample * 100 };
    pictures = sample;
    surface.present(painter, painter.paint(history, look, view), view.firstBucket);
    const fresh = new HeatmapPainter(layout);
    fresh.paint(history, look, view);
    const expected = Uint32Array.from({ length: widthPx * heightPx }, (_, index) => {
      const column = fresh.columnOf(view.firstBucket + (index % widthPx));
      return fresh.pixels[index - (index % widthPx) + column] ?? 0;
    });
    expect([sample, ...canvas.pixels]).toEqual([sample, ...expected]);
  }
  expect(canvas.timesSized).toBe(2);
});

/** Pictures at these times: how often the canvas was made anew for them, the first time left out. */
function timesMadeAnew(...atMs: readonly number[]): number {
  const history = History.ofCores(cores);
  history.heat.append(100, 100, [1, 0]);
  const canvas = new DrawnCanvas();
  let nowMs = 0;
  // @ts-expect-error -- the part of a canvas that the surface uses
  const surface = createCanvasSurface(canvas, () => nowMs);
  const painter = new HeatmapPainter(layout);
  for (const time of atMs) {
    nowMs = time;
    surface.present(
      painter,
      painter.paint(history, look, { firstBucket: 0, bucketMs: 100, horizonMs: 100 }),
      0,
    );
  }
  return canvas.timesSized - 1;
}

function every(ms: number, fromMs: number, toMs: number): number[] {
  return Array.from({ length: Math.floor((toMs - fromMs) / ms) }, (_, index) => fromMs + index * ms);
}

it('gives the buffers of hurried pictures back a second after the last of them, once', () => {
  const hurried = every(16, 0, 320);
  expect(timesMadeAnew(...hurried, ...every(100, 400, 1_300))).toBe(0);
  expect(timesMadeAnew(...hurried, ...every(100, 400, 9_000))).toBe(1);
  expect(timesMadeAnew(...hurried, 5_000, ...every(16, 5_100, 5_300), 7_000)).toBe(2);
});

it('keeps the canvas as it is while pictures come at their ease, and while they go on hurrying', () => {
  expect(timesMadeAnew(...every(100, 0, 9_000))).toBe(0);
  expect(timesMadeAnew(...every(16, 0, 9_000))).toBe(0);
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
