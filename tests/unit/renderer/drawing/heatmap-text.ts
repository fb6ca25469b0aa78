import type { HistorySize } from '../../../../src/renderer/drawing/sample-times.ts';
import { HeatmapStore } from '../../../../src/renderer/drawing/heatmap-store.ts';

/** Sampling period of every drawn history. */
export const everyMs = 100;

const shares: Readonly<Record<string, number>> = { '?': Number.NaN, X: 1 };

/**
 * A history drawn as text: a line per core, a character per 100 ms. A digit is tenths of busy, `X` is 100 %, `?` is
 * a core without a value; a column of spaces is a tick that never came. The first column ends at 100 ms.
 */
export function storeOf(lines: readonly string[], size?: HistorySize): HeatmapStore {
  const store = new HeatmapStore(lines.length, size);
  const ticks = Math.max(...lines.map((line) => line.length));
  for (let tick = 0; tick < ticks; tick += 1) {
    const column = lines.map((line) => line[tick] ?? ' ');
    if (column.every((character) => character === ' ')) continue;
    const busy = column.map((character) => shares[character] ?? Number(character) / 10);
    store.append((tick + 1) * everyMs, everyMs, busy);
  }
  return store;
}
