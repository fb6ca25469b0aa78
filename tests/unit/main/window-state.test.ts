import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeWindow, smallestWindow, type Rectangle } from '../../../src/main/window-state.ts';

const laptop: Rectangle = { x: 0, y: 25, width: 1440, height: 875 };
const monitor: Rectangle = { x: 1440, y: 0, width: 2560, height: 1440 };

describe('where a window is opened', () => {
  it('is for the system to say the first time, at the usual size', () => {
    expect(placeWindow(null, [monitor], 0)).toEqual({ x: null, y: null, width: 1440, height: 900 });
  });

  it('is where it was, also on the second screen', () => {
    const saved = { x: 1600, y: 100, width: 1200, height: 800 };
    expect(placeWindow(saved, [laptop, monitor], 0)).toEqual(saved);
  });

  it('is given up where that screen is gone, but not its size', () => {
    const saved = { x: 1600, y: 100, width: 1200, height: 800 };
    expect(placeWindow(saved, [laptop], 0)).toEqual({ x: null, y: null, width: 1200, height: 800 });
  });

  it('is a little beside the window before it', () => {
    const saved = { x: 100, y: 100, width: 1000, height: 700 };
    expect(placeWindow(saved, [laptop], 2)).toEqual({ x: 164, y: 164, width: 1000, height: 700 });
  });

  it('fits on its screen', () => {
    const saved = { x: 0, y: 25, width: 4000, height: 3000 };
    expect(placeWindow(saved, [laptop], 0)).toEqual({ x: 0, y: 25, width: 1440, height: 875 });
  });

  it('always shows a title bar to take hold of, at a size that the page can use', () => {
    const rectangle = fc.record({
      x: fc.integer({ min: -5000, max: 8000 }),
      y: fc.integer({ min: -5000, max: 8000 }),
      width: fc.integer({ min: 1, max: 6000 }),
      height: fc.integer({ min: 1, max: 6000 }),
    });
    fc.assert(
      fc.property(rectangle, fc.nat({ max: 20 }), (saved, others) => {
        const { x, y, width, height } = placeWindow(saved, [laptop, monitor], others);
        expect(width).toBeGreaterThanOrEqual(smallestWindow.width);
        expect(height).toBeGreaterThanOrEqual(smallestWindow.height);
        if (x === null || y === null) return;
        const isSeen = [laptop, monitor].some(
          (area) => y >= area.y && y < area.y + area.height && x < area.x + area.width && x + width > area.x,
        );
        expect(isSeen).toBe(true);
      }),
    );
  });
});
