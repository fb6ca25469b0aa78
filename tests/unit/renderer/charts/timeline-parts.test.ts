import { afterEach, describe, expect, it } from 'vitest';
import { listenForInput } from '../../../../src/renderer/charts/timeline-input.ts';
import { coreLabelStep, timelineLayout } from '../../../../src/renderer/charts/timeline-layout.ts';
import { bandCard, coreCard, memoryCard } from '../../../../src/renderer/charts/timeline-tooltip.ts';
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
  it('stacks bands, heatmap and memory on one width without overlap, within the host', () => {
    for (const height of [240, 420, 900]) {
      const { bands, heat, memory } = timelineLayout(1_000, height, false);
      expect(new Set([bands.x, heat.x, memory.x]).size).toBe(1);
      expect(new Set([bands.width, heat.width, memory.width]).size).toBe(1);
      expect(heat.y).toBeGreaterThanOrEqual(bands.y + bands.height);
      expect(memory.y).toBeGreaterThan(heat.y + heat.height);
      expect(memory.y + memory.height).toBeLessThan(height);
    }
  });

  it('makes room for the names of groups, and takes it from the plot', () => {
    const plain = timelineLayout(1_000, 420, false).heat;
    const grouped = timelineLayout(1_000, 420, true).heat;
    expect(grouped.x - plain.x).toBe(18);
    expect(plain.width - grouped.width).toBe(18);
  });

  it('thins the core labels out to powers of two', () => {
    expect([2, 8, 64, 256].map((cores) => coreLabelStep(cores, 272))).toEqual([1, 1, 4, 16]);
  });
});

describe('the tooltip', () => {
  const row: CoreRow = { core: 3, gap: 'sibling', label: 'core 3', group: null, usable: true, facts: [] };
  const range = { startMs: 46_500, endMs: 47_500 };

  it('tells the spread of a pixel that holds several samples', () => {
    const hit = { state: 'measured', ...range, min: 0.1, mean: 0.3, max: 0.6, samples: 10 } as const;
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
    const hit = { state: 'measured', ...range, min: 0.1, mean: 0.1, max: 0.1, samples: 1 } as const;
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

  it('writes memory that is not known as n/a, never as 0', () => {
    expect(lines(memoryCard(0, null, null))).toEqual([
      'memory at 0:00.0',
      'PSS: n/a',
      'Sum of RSS: n/a',
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

describe('the keys, the wheel and the pointer', () => {
  const said: string[] = [];
  const host = document.createElement('div');
  const stop = listenForInput(host, () => ({ x: 0, y: 0, width: 200, height: 50 }), {
    zoom: (fraction, factor) => said.push(`zoom ${fraction} ${factor.toFixed(3)}`),
    pan: (fraction) => said.push(`pan ${fraction}`),
    backToLive: () => said.push('live'),
  });
  afterEach(() => said.splice(0));

  const pointer = (type: string, clientX: number): boolean =>
    host.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, clientX }));

  it('pan, zoom and go back to live', () => {
    for (const key of ['ArrowLeft', 'ArrowRight', '+', '-', 'Home', 'Escape', 'a']) {
      host.dispatchEvent(new KeyboardEvent('keydown', { key }));
    }
    expect(said).toEqual(['pan -0.15', 'pan 0.15', 'zoom 0.5 0.667', 'zoom 0.5 1.500', 'live', 'live']);
  });

  it('leave the keys of the app alone', () => {
    host.dispatchEvent(new KeyboardEvent('keydown', { key: '+', ctrlKey: true }));
    expect(said).toEqual([]);
  });

  it('zoom at the pointer', () => {
    // happy-dom's wheel events have no place of their own.
    host.dispatchEvent(Object.assign(new WheelEvent('wheel', { deltaY: -100 }), { clientX: 50 }));
    expect(said).toEqual([`zoom 0.25 ${Math.exp(-0.15).toFixed(3)}`]);
  });

  it('take a movement of less than three pixels for a click', () => {
    host.setPointerCapture = () => undefined;
    pointer('pointerdown', 100);
    pointer('pointermove', 102);
    pointer('pointermove', 120);
    pointer('pointermove', 110);
    pointer('pointerup', 110);
    pointer('pointermove', 50);
    expect(said).toEqual(['pan -0.1', 'pan 0.05']);
  });

  it('are silent when the timeline is gone', () => {
    stop();
    host.dispatchEvent(new MouseEvent('dblclick'));
    expect(said).toEqual([]);
  });
});
