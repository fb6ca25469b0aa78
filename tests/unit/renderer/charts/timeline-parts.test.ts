import { afterEach, describe, expect, it } from 'vitest';
import { listenForInput } from '../../../../src/renderer/charts/timeline-input.ts';
import { coreLabelStep, timelineLayout } from '../../../../src/renderer/charts/timeline-layout.ts';
import type { NameOfSlot } from '../../../../src/renderer/charts/slot-names.ts';
import {
  bandCard,
  cellWords,
  coreCard,
  lanesCard,
} from '../../../../src/renderer/charts/timeline-tooltip.ts';
import type { CoreRow } from '../../../../src/renderer/charts/core-rows.ts';
import type { RunBand } from '../../../../src/renderer/charts/run-bands.ts';

const band: RunBand = {
  label: 'threads × 2',
  strategy: 'threads',
  startMs: 1_000,
  endMs: null,
  warmUp: true,
};

/** A card as text: a line per row. */
function lines(card: HTMLElement): string[] {
  return [...card.children].map((row) => {
    const cells = [...row.children].map((cell) => cell.textContent);
    return cells.length === 0 ? row.textContent : cells.join(': ');
  });
}

describe('the layout', () => {
  it('stacks bands, heatmap and lanes on one width without overlap, within the host', () => {
    for (const height of [300, 420, 900]) {
      const { bands, heat, lanes, plot } = timelineLayout(1_000, height, false, ['cores', 'memory']);
      const boxes = [bands, heat, ...lanes.map(({ box }) => box)];
      expect(new Set(boxes.map(({ x }) => x)).size).toBe(1);
      expect(new Set(boxes.map(({ width }) => width)).size).toBe(1);
      boxes.slice(1).forEach((box, index) => {
        const above = boxes[index];
        expect(box.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
      });
      const last = boxes.at(-1);
      expect(plot).toEqual({ ...heat, height: (last?.y ?? 0) + (last?.height ?? 0) - heat.y });
      expect(plot.y + plot.height).toBeLessThan(height);
    }
  });

  it('gives the heatmap the room of lanes that are not shown', () => {
    const { heat, plot, allLanes } = timelineLayout(1_000, 420, false, []);
    expect(plot).toEqual(heat);
    expect(allLanes.height).toBe(0);
    expect(heat.height).toBeGreaterThan(timelineLayout(1_000, 420, false, ['wait']).heat.height);
  });

  it('makes room for the names of groups, and takes it from the plot', () => {
    const plain = timelineLayout(1_000, 420, false, ['memory']).heat;
    const grouped = timelineLayout(1_000, 420, true, ['memory']).heat;
    expect(grouped.x - plain.x).toBe(24);
    expect(plain.width - grouped.width).toBe(24);
  });

  it('thins the core labels out to powers of two', () => {
    expect([2, 8, 64, 256].map((cores) => coreLabelStep(cores, 272))).toEqual([1, 1, 4, 16]);
  });
});

describe('the tooltip', () => {
  const row: CoreRow = { core: 3, gap: 'sibling', label: 'core 3', group: null, usable: true, facts: [] };
  const range = { startMs: 46_500, endMs: 47_500 };
  const tracks = {
    pssBytes: 5e6,
    rssBytes: Number.NaN,
    runCores: 1.5,
    busyCores: 1.75,
    waitCores: 0.25,
  };
  const placedNowhere = { slot: 0, waitShare: Number.NaN, tracks };

  it('tells the spread of a pixel that holds several samples', () => {
    const hit = {
      state: 'measured',
      ...range,
      ...placedNowhere,
      min: 0.1,
      mean: 0.3,
      max: 0.6,
      samples: 10,
    } as const;
    expect(lines(coreCard(46_520, row, hit, band))).toEqual([
      'core 3 at 0:46.5',
      'Mean busy: 30.0 %',
      'Lowest: 10.0 %',
      'Highest: 60.0 %',
      'Samples: 10 in 1.00 s',
      'Run: threads × 2, warm-up',
    ]);
  });

  it('says where the core stands and what is known of it', () => {
    const hit = {
      state: 'measured',
      ...range,
      ...placedNowhere,
      min: 0.1,
      mean: 0.1,
      max: 0.1,
      samples: 1,
    } as const;
    const placed: CoreRow = {
      ...row,
      group: 'socket 1',
      usable: false,
      facts: [['For the work', 'not usable']],
    };
    expect(lines(coreCard(46_520, placed, hit, null))).toEqual([
      'core 3, socket 1, at 0:46.5',
      'Busy: 10.0 %',
      'Run: none',
      'For the work: not usable',
    ]);
  });

  it('says so where there is no sample, and where nothing was recorded', () => {
    expect(lines(coreCard(0, row, { state: 'missing', ...range }, null))).toContain('Busy: no sample');
    expect(lines(coreCard(0, row, { state: 'outside' }, null))).toContain('Busy: not recorded');
  });

  it('follows what the colours stand for', () => {
    const hit = { state: 'measured', ...range, min: 0.1, mean: 0.1, max: 0.1, samples: 1 } as const;
    const placed = { ...hit, tracks, slot: 2, waitShare: 0.4 };
    expect(lines(coreCard(46_520, row, placed, null, 'workers'))).toContain('Last seen here: worker 2');
    expect(lines(coreCard(46_520, row, placed, null, 'wait'))).toContain('Work here waited: 40.0 %');
    const nameOf: NameOfSlot = (slot, atMs) => `cc ${slot} at ${atMs}`;
    expect(lines(coreCard(46_520, row, placed, null, 'workers', nameOf))).toContain(
      `Last seen here: cc 2 at ${range.startMs}`,
    );
    expect(cellWords(12_400, row, placed, 'workers', nameOf)).toMatch(/, Last seen here: cc 2 at \d+$/);
    expect(cellWords(12_400, row, placed, 'busy')).toBe('core 3, 0:12.4, 10 % busy');
    expect(cellWords(12_400, row, { ...placed, slot: 0 }, 'workers')).toBe(
      'core 3, 0:12.4, 10 % busy, Last seen here: none of the work',
    );
    expect(cellWords(12_400, row, { state: 'missing', ...range }, 'busy')).toBe('core 3, 0:12.4, no sample');
  });

  it('tells the numbers of the lanes that are shown, and n/a, never 0, where one is not known', () => {
    const hit = {
      state: 'measured',
      ...range,
      ...placedNowhere,
      min: 0,
      mean: 0,
      max: 0,
      samples: 1,
    } as const;
    expect(lines(lanesCard(0, ['memory', 'cores'], hit, null))).toEqual([
      'the work at 0:00.0',
      'PSS: 5.00 MB',
      'Sum of RSS: n/a',
      'Effective cores: 1.50',
      'All cores busy: 1.75',
      'Run: none',
    ]);
    expect(lines(lanesCard(0, ['wait'], { state: 'outside' }, null))).toEqual([
      'the work at 0:00.0',
      'Ready and waiting: n/a',
      'Run: none',
    ]);
  });

  it('shows what a band is called as it is written', () => {
    const odd = { ...band, label: '<b>x</b>' };
    expect(bandCard(odd, 3_000).querySelector('b')).toBeNull();
    expect(lines(bandCard(odd, 3_000))).toEqual([
      '<b>x</b>',
      'Started: 0:01.0',
      'Running for: 2.00 s',
      'Warm-up: not counted',
    ]);
  });
});

describe('the card of a run', () => {
  it('tells start-up, work and tear-down as far as they are known', () => {
    const working = { ...band, warmUp: false, workStartMs: 1_200 };
    expect(lines(bandCard(working, 3_000)).slice(2)).toEqual([
      'Running for: 2.00 s',
      'Start-up: 200 ms',
      'Work (underlined): 1.80 s',
    ]);
    expect(lines(bandCard({ ...working, workEndMs: 2_200, endMs: 2_250 }, 3_000)).slice(2)).toEqual([
      'Lasted: 1.25 s',
      'Start-up: 200 ms',
      'Work (underlined): 1.00 s',
      'Tear-down: 50.0 ms',
    ]);
  });
});

describe('the keys, the wheel and the pointer', () => {
  const said: string[] = [];
  const say = (words: string) => () => void said.push(words);
  const host = document.createElement('div');
  const stop = listenForInput(host, () => ({ x: 0, y: 0, width: 200, height: 50 }), {
    zoom: (fraction, factor) => said.push(`zoom ${fraction} ${factor.toFixed(3)}`),
    pan: (fraction) => said.push(`pan ${fraction}`),
    dragSelect: (phase, fraction) => said.push(`${phase} ${fraction}`),
    point: (fraction, y) => said.push(`point ${fraction} ${y}`),
    moveCursor: (columns, rows, isExtending) =>
      said.push(`cursor ${columns} ${rows}${isExtending ? ' extending' : ''}`),
    zoomToSelection: say('zoom to selection'),
    escape: say('escape'),
    togglePause: say('pause'),
    backToStart: say('start'),
    backToLive: say('live'),
  });
  afterEach(() => said.splice(0));

  const pointer = (type: string, clientX: number, shiftKey = false): boolean =>
    host.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, clientX, shiftKey }));
  const press = (key: string, shiftKey = false): boolean =>
    host.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey }));

  it('pan, zoom, pause and go to the ends', () => {
    for (const key of ['a', 'D', '+', 's', 'PageUp', ' ', 'Home', 'End', 'Escape', 'Enter', 'x']) press(key);
    expect(said).toEqual([
      'pan -0.15',
      'pan 0.15',
      'zoom 0.5 0.667',
      'zoom 0.5 1.500',
      'pan -0.9',
      'pause',
      'start',
      'live',
      'escape',
      'zoom to selection',
    ]);
  });

  it('move the cell cursor, and select with Shift', () => {
    for (const key of ['ArrowLeft', 'ArrowDown', 'ArrowUp']) press(key);
    press('ArrowRight', true);
    expect(said).toEqual(['cursor -1 0', 'cursor 0 1', 'cursor 0 -1', 'cursor 1 0 extending']);
  });

  it('let the arrows with Alt do what W, A, S and D do', () => {
    for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
      host.dispatchEvent(new KeyboardEvent('keydown', { key, altKey: true }));
    }
    const withArrows = said.splice(0);
    for (const key of ['w', 's', 'a', 'd']) press(key);
    expect(withArrows).toEqual(said);
    expect(withArrows).toEqual(['zoom 0.5 0.667', 'zoom 0.5 1.500', 'pan -0.15', 'pan 0.15']);
  });

  it('leave the keys of the app alone', () => {
    host.dispatchEvent(new KeyboardEvent('keydown', { key: '+', ctrlKey: true }));
    host.dispatchEvent(new KeyboardEvent('keydown', { key: '+', altKey: true }));
    expect(said).toEqual([]);
  });

  it('zoom at the pointer', () => {
    // happy-dom's wheel events have no place of their own.
    host.dispatchEvent(Object.assign(new WheelEvent('wheel', { deltaY: -100 }), { clientX: 50 }));
    expect(said).toEqual([`zoom 0.25 ${Math.exp(-0.15).toFixed(3)}`]);
  });

  it('select with the pointer, move with Shift, and take less than three pixels for a click', () => {
    host.setPointerCapture = () => undefined;
    pointer('pointerdown', 100);
    pointer('pointermove', 102);
    pointer('pointermove', 120);
    pointer('pointerup', 150);
    expect(said.splice(0)).toEqual(['begin 0.5', 'move 0.6', 'end 0.75']);
    pointer('pointerdown', 100, true);
    pointer('pointermove', 120);
    pointer('pointerup', 120);
    expect(said.splice(0)).toEqual(['pan -0.1']);
    pointer('pointerdown', 50);
    pointer('pointerup', 51);
    pointer('pointermove', 90);
    expect(said).toEqual(['begin 0.25', 'point 0.255 0']);
  });

  it('are silent when the timeline is gone', () => {
    stop();
    host.dispatchEvent(new MouseEvent('dblclick'));
    expect(said).toEqual([]);
  });
});
