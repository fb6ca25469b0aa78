import { z } from 'zod';
import { openJsonStore, type JsonStore } from './json-store.ts';

/** In the system's device-independent pixels, on its desktop of all screens. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Null before a window was ever closed. Where it would be if it were neither maximised nor full screen. */
  readonly bounds: Rectangle | null;
  readonly isMaximized: boolean;
  readonly isFullScreen: boolean;
}

export const smallestWindow = { width: 900, height: 600 } as const;
const usualWindow = { width: 1440, height: 900 } as const;
/** How far a further window is put from the one before it, so that both can be seen. */
const cascadePx = 32;
/** Of the title bar, as much as a pointer can take hold of. */
const graspablePx = 80;

const coordinate = z.int().min(-100_000).max(100_000);
const stateSchema: z.ZodType<WindowState> = z.object({
  bounds: z
    .object({ x: coordinate, y: coordinate, width: coordinate.min(1), height: coordinate.min(1) })
    .nullable(),
  isMaximized: z.boolean(),
  isFullScreen: z.boolean(),
});

export function openWindowState(path: string): JsonStore<WindowState> {
  const fallback = { bounds: null, isMaximized: false, isFullScreen: false };
  return openJsonStore({ path, schema: stateSchema, fallback, what: 'place of the window' });
}

/**
 * Where a window is to be opened. Null coordinates: the system places it. A place that no screen shows any more (a
 * monitor was unplugged) is given up, and a window that is larger than its screen is made to fit.
 */
export function placeWindow(
  saved: Rectangle | null,
  workAreas: readonly Rectangle[],
  earlierWindows: number,
): { readonly width: number; readonly height: number; readonly x: number | null; readonly y: number | null } {
  const shift = earlierWindows * cascadePx;
  const wanted = saved === null ? null : { ...saved, x: saved.x + shift, y: saved.y + shift };
  for (const area of workAreas) {
    if (wanted === null) break;
    const fitted = { ...wanted, ...fitInto(area, wanted) };
    if (canBeGrasped(fitted, area)) return fitted;
  }
  const [first] = workAreas;
  const size = saved ?? usualWindow;
  return { ...fitInto(first ?? size, size), x: null, y: null };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function fitInto(area: Size, size: Size): Size {
  return {
    width: Math.max(smallestWindow.width, Math.min(size.width, area.width)),
    height: Math.max(smallestWindow.height, Math.min(size.height, area.height)),
  };
}

/** Whether enough of the window's upper edge lies on the screen to move it from there. */
function canBeGrasped(window: Rectangle, area: Rectangle): boolean {
  const shownWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return shownWidth >= graspablePx && window.y >= area.y && window.y < area.y + area.height - graspablePx / 2;
}
