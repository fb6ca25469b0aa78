import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeatmapStore } from '../../../../src/renderer/drawing/heatmap-store.ts';
import {
  HeatmapPainter,
  isHatched,
  rowBandsFor,
  type BucketView,
  type PainterLayout,
  type PainterLook,
} from '../../../../src/renderer/drawing/painter.ts';
import { History, HistoryKeeper } from '../../../../src/renderer/drawing/history.ts';
import { drawnEntity, drawnFrame } from '../../../support/drawn-frame.ts';
import { firstWorkerCode, packRgb, paletteFor } from '../../../../src/renderer/drawing/palette.ts';
import { plainRows } from '../../../../src/renderer/drawing/heat-rows.ts';
import { everyMs, storeOf } from './heatmap-text.ts';

const palette = paletteFor('dark');
const small: PainterLayout = {
  widthPx: 12,
  heightPx: 10,
  devicePixelRatio: 1,
  rows: plainRows(2),
  heatHeightPx: 10,
  lanes: [],
};
const look: PainterLook = {
  palette,
  mode: 'busy',
  reduction: 'max',
  laneEnds: { cores: 2, wait: 1, memory: 100 },
};

function viewOf(store: HeatmapStore, firstBucket: number, bucketMs = everyMs): BucketView {
  return { firstBucket, bucketMs, horizonMs: store.latestMs ?? 0 };
}

/** The picture from left to right, row by row, as it would stand on screen. */
function picture(painter: HeatmapPainter, firstBucket: number): number[][] {
  const { widthPx, heightPx } = painter.layout;
  return Array.from({ length: heightPx }, (_, y) =>
    Array.from(
      { length: widthPx },
      (_unused, column) => painter.pixels[y * widthPx + painter.columnOf(firstBucket + column)] ?? -1,
    ),
  );
}

function paintedFresh(store: HeatmapStore, layout: PainterLayout, view: BucketView): number[][] {
  const painter = new HeatmapPainter(layout);
  painter.paint(new History(store), look, view);
  return picture(painter, view.firstBucket);
}

describe('the rows of the heatmap', () => {
  it('share the height without rest, apart by a line where they are tall', () => {
    expect(rowBandsFor({ ...small, heatHeightPx: 20 }).map(({ top, bottom }) => [top, bottom])).toEqual([
      [0, 9],
      [10, 20],
    ]);
  });

  it('stand apart by what they are: siblings by a line, cores by more, groups by most', () => {
    const rows = (['sibling', 'sibling', 'core', 'group'] as const).map((gap, core) => ({ core, gap }));
    expect(rowBandsFor({ ...small, heatHeightPx: 80, rows }).map(({ top, bottom }) => [top, bottom])).toEqual(
      [
        [0, 19],
        [20, 37],
        [40, 53],
        [60, 80],
      ],
    );
  });

  it('are painted in their own order, not in that of the frames', () => {
    const store = storeOf(['1', '5']);
    const rows = [
      { core: 1, gap: 'sibling' },
      { core: 0, gap: 'sibling' },
    ] as const;
    const layout = { ...small, widthPx: 1, heightPx: 2, heatHeightPx: 2, rows };
    expect(paintedFresh(store, layout, viewOf(store, 0))).toEqual([
      [palette.colours[125]],
      [palette.colours[25]],
    ]);
  });

  it('show the busiest of several cores where there are more cores than pixels', () => {
    const store = storeOf(['0', '0', '7', '0']);
    const layout = { ...small, widthPx: 1, heightPx: 2, heatHeightPx: 2, rows: plainRows(4) };
    expect(paintedFresh(store, layout, viewOf(store, 0))).toEqual([
      [palette.colours[0]],
      [palette.colours[175]],
    ]);
  });
});

describe('the painter', () => {
  it('paints load in colour, missing as hatch, and nothing outside', () => {
    const store = storeOf(['0X  5']);
    const layout = { ...small, widthPx: 8, rows: plainRows(1) };
    const rows = paintedFresh(store, layout, viewOf(store, 0));
    const legend = new Map([
      [palette.colours[0], '0'],
      [palette.colours[125], '5'],
      [palette.colours[250], 'X'],
      [palette.hatch, '/'],
      [0, ' '],
    ]);
    expect(rows.map((row) => row.map((pixel) => legend.get(pixel) ?? '!').join(''))).toEqual([
      '00X 55  ',
      '00X 55  ',
      '00X 55  ',
      '00X/55  ',
      '00X 55  ',
      '00X 55  ',
      '00X 55  ',
      '00X 55  ',
      '00X 55  ',
      '00X/55  ',
    ]);
  });

  it('has no colour for a load that could be taken for missing or outside', () => {
    for (const theme of ['dark', 'light', 'high-contrast'] as const) {
      const { colours, hatch } = paletteFor(theme);
      const loads = [...colours.slice(0, 251)];
      expect(loads).not.toContain(hatch);
      expect(loads.every((colour) => colour >>> 24 === 255)).toBe(true);
      expect([...colours.slice(251)]).toEqual([0, 0, 0, 0, 0]);
    }
  });

  it('paints only the columns that are new when time goes on', () => {
    const store = storeOf(['1'.repeat(40), '2'.repeat(40)]);
    const history = new History(store);
    const painter = new HeatmapPainter(small);
    painter.paint(history, look, viewOf(store, 29));
    expect(painter.paint(history, look, viewOf(store, 29))).toEqual([{ x: 40 % 12, width: 1 }]);
    store.append(4_100, everyMs, [1, 1]);
    expect(painter.paint(history, look, viewOf(store, 30))).toEqual([{ x: 40 % 12, width: 2 }]);
  });

  it('paints nothing at all for new samples to the right of a range that is held still', () => {
    const store = storeOf(['1'.repeat(40), '2'.repeat(40)]);
    const history = new History(store);
    const painter = new HeatmapPainter(small);
    painter.paint(history, look, viewOf(store, 5));
    store.append(4_100, everyMs, [1, 1]);
    expect(painter.paint(history, look, viewOf(store, 5))).toEqual([]);
  });

  it('repaints everything for another palette, reduction or scale', () => {
    const store = storeOf(['1'.repeat(40), '2'.repeat(40)]);
    const history = new History(store);
    const painter = new HeatmapPainter(small);
    const mean = { ...look, reduction: 'mean' } as const;
    const all = (runs: readonly { width: number }[]): number =>
      runs.reduce((sum, { width }) => sum + width, 0);
    painter.paint(history, look, viewOf(store, 5));
    expect(all(painter.paint(history, { ...look, palette: paletteFor('light') }, viewOf(store, 5)))).toBe(12);
    expect(all(painter.paint(history, mean, viewOf(store, 5)))).toBe(12);
    expect(all(painter.paint(history, mean, viewOf(store, 5, 50)))).toBe(12);
  });

  it('moves the hatch with the time, so that it does not crawl while scrolling', () => {
    for (let y = 0; y < 6; y += 1) expect(isHatched(7, y, 1)).toBe(isHatched(7 + 6, y, 1));
    expect(Array.from({ length: 6 }, (_, y) => isHatched(-1, y, 1))).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('leaves, after any sequence of samples, scrolls, pans, zooms and stalls, what a fresh painter paints', () => {
    const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN));
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          type: fc.constant('sample' as const),
          waitMs: fc.integer({ min: 20, max: 700 }),
          busy: fc.tuple(share, share),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ type: fc.constant('follow' as const), stallMs: fc.constantFrom(0, 0, 900) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          type: fc.constant('pan' as const),
          buckets: fc.integer({ min: -15, max: 15 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          type: fc.constant('zoom' as const),
          bucketMs: fc.constantFrom(30, 100, 260, 1700),
        }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), (steps) => {
        const store = new HeatmapStore(2, { samples: 16, blocks: 4 });
        const history = new History(store);
        const painter = new HeatmapPainter(small);
        let bucketMs = 100;
        let firstBucket = 0;
        let atMs = 0;
        let stalledToMs = 0;
        for (const one of steps) {
          if (one.type === 'sample') {
            atMs = Math.max(atMs, stalledToMs) + one.waitMs;
            store.append(atMs, everyMs, one.busy);
            continue;
          }
          if (one.type === 'zoom') bucketMs = one.bucketMs;
          if (one.type === 'pan') firstBucket += one.buckets;
          if (one.type === 'follow') stalledToMs = Math.max(stalledToMs, atMs + one.stallMs);
          const horizonMs = Math.max(atMs, stalledToMs);
          if (one.type === 'follow') firstBucket = Math.floor(horizonMs / bucketMs) + 1 - small.widthPx;
          const view = { firstBucket, bucketMs, horizonMs };
          painter.paint(history, look, view);
          expect(picture(painter, firstBucket)).toEqual(paintedFresh(store, small, view));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the other pictures', () => {
  /** Worker 1 on core 0, then on core 1, always at work; worker 2 waits for core 1 throughout. */
  function placed(): History {
    const keeper = new HistoryKeeper();
    keeper.setWorkers([
      { slot: 1, pid: 10, tid: 11 },
      { slot: 2, pid: 10, tid: 12 },
    ]);
    const thread = { kind: 'thread', pid: 10, parentKey: 1 } as const;
    const run = drawnEntity({ key: 1, pid: 10 });
    keeper.receiveEntities(
      [run, drawnEntity({ key: 2, ...thread, tid: 11 }), drawnEntity({ key: 3, ...thread, tid: 12 })],
      [],
    );
    for (let tick = 1; tick <= 4; tick += 1) {
      keeper.receive(
        drawnFrame({
          sequence: tick,
          atMs: tick * everyMs,
          coreBusy: Float64Array.of(1, 0.5),
          keys: Float64Array.of(1, 2, 3),
          cpuShare: Float64Array.of(1, 1, 0.01),
          waitShare: Float64Array.of(1, 0, 1),
          pssBytes: Float64Array.of(50, Number.NaN, Number.NaN),
          rssBytes: Float64Array.of(100, Number.NaN, Number.NaN),
          lastCore: Float64Array.of(Number.NaN, tick <= 2 ? 0 : 1, 1),
        }),
      );
    }
    if (keeper.history === null) throw new Error('no frame was taken');
    return keeper.history;
  }

  function painted(history: History, layout: PainterLayout, mode: PainterLook['mode']): number[][] {
    const painter = new HeatmapPainter(layout);
    painter.paint(history, { ...look, mode }, viewOf(history.heat, 1));
    return picture(painter, 1);
  }
  const narrow = { ...small, widthPx: 4, heightPx: 2, heatHeightPx: 2 };

  it('show who was seen on a core, the busiest where there were several, and others without a hue', () => {
    const { workers } = palette;
    const [one, two] = [workers[firstWorkerCode + 1], workers[firstWorkerCode + 2]];
    expect(painted(placed(), narrow, 'workers')).toEqual([
      [one, one, workers[250], workers[250]],
      [two, two, one, one],
    ]);
  });

  it('show which process of what is watched was where, once no run is on', () => {
    const keeper = new HistoryKeeper();
    keeper.setWorkers(null);
    const make = drawnEntity({ key: 1, pid: 10, name: 'make' });
    const child = drawnEntity({ key: 2, pid: 11, rootPid: 10, parentKey: 1, name: 'cc' });
    expect(keeper.receiveEntities([make, child], []).map(({ slot, name }) => `${slot} ${name}`)).toEqual([
      '1 make',
      '2 cc',
    ]);
    for (let tick = 1; tick <= 4; tick += 1) {
      keeper.receive(
        drawnFrame({
          sequence: tick,
          atMs: tick * everyMs,
          coreBusy: Float64Array.of(1, 1),
          keys: Float64Array.of(1, 2),
          cpuShare: Float64Array.of(0.5, 1),
          lastCore: Float64Array.of(0, tick <= 2 ? 1 : 0),
        }),
      );
    }
    if (keeper.history === null) throw new Error('no frame was taken');
    const { workers } = palette;
    const [one, two] = [workers[firstWorkerCode + 1], workers[firstWorkerCode + 2]];
    expect(painted(keeper.history, narrow, 'workers')).toEqual([
      [one, one, two, two],
      [two, two, workers[250], workers[250]],
    ]);
  });

  it('show how long workers waited where they were, and claim nothing where none was', () => {
    const { colours } = palette;
    expect(painted(placed(), narrow, 'wait')).toEqual([
      [colours[0], colours[0], 0, 0],
      [colours[250], colours[250], colours[250], colours[250]],
    ]);
  });

  it('draw a lane as a line over an area, and the sum that lies as dashes', () => {
    const layout: PainterLayout = {
      ...narrow,
      widthPx: 8,
      heightPx: 12,
      lanes: [{ lane: 'memory', topPx: 4, heightPx: 8 }],
    };
    const rows = painted(placed(), layout, 'busy').slice(4);
    const legend = new Map([
      [palette.plain.line, '#'],
      [palette.plain.area, '+'],
      [palette.quietLine, '-'],
      [0, ' '],
    ]);
    expect(rows.map((row) => row.map((pixel) => legend.get(pixel) ?? '!').join(''))).toEqual([
      '---     ',
      '        ',
      '        ',
      '####    ',
      '####    ',
      '++++    ',
      '++++    ',
      '++++    ',
    ]);
  });

  it('have a colour of their own for each of ten workers', () => {
    for (const theme of ['dark', 'light', 'high-contrast'] as const) {
      const { workers } = paletteFor(theme);
      const colours = Array.from({ length: 10 }, (_, slot) => workers[firstWorkerCode + 1 + slot]);
      expect(new Set(colours).size).toBe(10);
      expect(colours).not.toContain(packRgb([0, 0, 0]));
    }
  });
});

describe('a picture of lines', () => {
  /** A row of ten pixels from the bottom up: `#` the line, `=` the area under it, `.` nothing. */
  function drawnColumn(picturePixels: readonly (readonly number[])[], column: number): string {
    return picturePixels
      .map((row) => {
        const pixel = row[column];
        return pixel === palette.plain.line ? '#' : pixel === palette.plain.area ? '=' : '.';
      })
      .reverse()
      .join('');
  }

  it('is as high as the core was busy, and a line as long as its values differ', () => {
    const store = new HeatmapStore(1);
    for (const [index, share] of [0, 0, 1, 1, 0.5, 0.5, 0.2, 1].entries()) {
      store.append((index + 1) * everyMs, everyMs, [share]);
    }
    const painter = new HeatmapPainter({ ...small, rows: plainRows(1) });
    // Two samples to a column; a sample counts for the column in which it ended.
    const view = { firstBucket: 0, bucketMs: 2 * everyMs, horizonMs: store.latestMs ?? 0 };
    painter.paint(new History(store), { ...look, mode: 'lines' }, view);
    const drawn = picture(painter, 0);
    expect([0, 1, 2, 3, 4].map((column) => drawnColumn(drawn, column))).toEqual([
      '#.........',
      '##########',
      '=====#####',
      '==####....',
      '=========#',
    ]);
  });
});
