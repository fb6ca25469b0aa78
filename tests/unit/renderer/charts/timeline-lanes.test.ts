import { describe, expect, it } from 'vitest';
import { drawLaneCaption, laneFrames } from '../../../../src/renderer/charts/timeline-lanes.ts';
import { timelineLayout } from '../../../../src/renderer/charts/timeline-layout.ts';
import { tracksBy } from '../../../../src/renderer/drawing/track-store.ts';

const layout = timelineLayout(1_000, 420, false, ['memory']);
const words = {
  theme: 'dark',
  fontFamily: 'sans-serif',
  measureText: (text: string) => text.length,
} as const;

/** The texts and the lines that a caption draws, in order. */
function drawn(newest: Readonly<Record<'pssBytes' | 'rssBytes', number>>): string[] {
  const log: string[] = [];
  let from = '';
  const context = {
    fillText: (text: string) => log.push(text),
    beginPath: () => undefined,
    moveTo: (x: number) => (from = String(x)),
    lineTo: (x: number) => log.push(`line ${from} to ${x}`),
    stroke: () => undefined,
    setLineDash: () => undefined,
  };
  const box = { x: 0, y: 100, width: 500, height: 40 };
  const values = { ...tracksBy(() => Number.NaN), ...newest };
  // @ts-expect-error -- the part of a context that a caption uses
  drawLaneCaption(context, 'memory', box, { ...words, newest: values });
  return log;
}

describe('a lane', () => {
  it('says what its line is worth now, and strikes the naive sum through', () => {
    expect(drawn({ pssBytes: 100e6, rssBytes: 150e6 })).toEqual([
      'line 0 to 16',
      'Memory of the work (PSS) 100 MB',
      'line 75 to 91',
      'Sum of RSS 150 MB',
      'line 97 to 114',
    ]);
  });

  it('is named without a value while nothing is known', () => {
    expect(drawn({ pssBytes: Number.NaN, rssBytes: Number.NaN })).toContain('Memory of the work (PSS)');
  });

  it('has no numbers at its axis before anything was drawn', () => {
    const textsFor = (memory: number): unknown[] =>
      laneFrames({ layout, ...words, laneEnds: { cores: 1, wait: 1, memory } }).flatMap((shape) =>
        shape.type === 'text' ? [shape.style.text] : [],
      );
    expect(textsFor(Number.NaN)).toEqual(['', '']);
    expect(textsFor(2e8)).toEqual(['200 MB', '0']);
  });
});
