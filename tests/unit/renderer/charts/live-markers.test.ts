import { describe, expect, it } from 'vitest';
import { markerBoxes, type LiveMarker } from '../../../../src/renderer/charts/live-markers.ts';

function at(atMs: number, name: string, kind: LiveMarker['kind'] = 'marker'): LiveMarker {
  return { atMs, name, kind };
}

/** Ten seconds from the tenth on, in 1000 px: a pixel is 10 ms. */
const range = { startMs: 10_000, spanMs: 10_000 };

/** `loaded 250+750` is at 250 px with room for 750; `pass 100..400` a phase. */
function draw(markers: readonly LiveMarker[], nowMs = 20_000): string[] {
  const { moments, phases } = markerBoxes(markers, range, 1000, nowMs);
  return [
    ...phases.map(
      ({ name, x, width, lengthMs }) => `${name} ${x}..${x + width}${lengthMs === null ? ' …' : ''}`,
    ),
    ...moments.map(({ marker, x, roomPx }) => `${marker.name} ${x}+${roomPx}`),
  ];
}

describe('markers on the timeline', () => {
  it('stand at their times, and their names have room up to the next', () => {
    expect(draw([at(12_500, 'loaded'), at(15_000, 'sorted')])).toEqual(['loaded 250+250', 'sorted 500+500']);
  });

  it('are left out beside the range that is shown', () => {
    expect(draw([at(9_999, 'before'), at(10_000, 'first'), at(20_000, 'last'), at(20_001, 'after')])).toEqual(
      ['first 0+1000', 'last 1000+0'],
    );
  });

  it('enclose a phase, however its names are nested', () => {
    const markers = [
      at(11_000, 'outer', 'begin'),
      at(12_000, 'inner', 'begin'),
      at(14_000, 'inner', 'end'),
      at(18_000, 'outer', 'end'),
    ];
    expect(draw(markers)).toEqual(['outer 100..800', 'inner 200..400']);
  });

  it('draw a phase that reaches beyond the range up to its edges', () => {
    expect(draw([at(5_000, 'long', 'begin'), at(30_000, 'long', 'end')])).toEqual(['long 0..1000']);
    expect(draw([at(5_000, 'past', 'begin'), at(6_000, 'past', 'end')])).toEqual([]);
  });

  it('draw a phase that is still on up to now', () => {
    expect(draw([at(11_000, 'pass', 'begin')], 13_000)).toEqual(['pass 100..300 …']);
  });

  it('make a moment of an end that nothing began', () => {
    expect(draw([at(15_000, 'pass', 'end')])).toEqual(['pass 500+500']);
  });

  it('draw the last two hundred where there are more', () => {
    const { moments } = markerBoxes(
      Array.from({ length: 500 }, (_, index) => at(10_000 + index * 10, `m${index}`)),
      range,
      1000,
      20_000,
    );
    expect(moments).toHaveLength(200);
    expect(moments[0]?.marker.name).toBe('m300');
  });

  it('can be seen however short a phase is', () => {
    expect(draw([at(15_000, 'blink', 'begin'), at(15_001, 'blink', 'end')])).toEqual(['blink 500..502']);
  });
});
