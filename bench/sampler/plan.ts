/** How large a run is. */
export interface Plan {
  readonly cells: readonly Cell[];
  readonly rounds: number;
}

/** One tree size at one rate. */
export interface Cell {
  readonly processes: number;
  readonly everyMs: number;
  /** How long each contestant is measured in each round. Longer is steadier. */
  readonly windowMs: number;
}

export type Size = 'quick' | 'normal' | 'full';

/** What comes once in some seconds is in one window and not in the next where they are short. */
const windowOfMs = 10_000;

function cells(sizes: readonly number[], rates: readonly number[]): Cell[] {
  return rates.flatMap((everyMs) => sizes.map((processes) => ({ processes, everyMs, windowMs: windowOfMs })));
}

/** Quick takes five minutes, normal some 50, full (a thousand processes) some two hours. */
export const plans: Readonly<Record<Size, Plan>> = {
  quick: { cells: [{ processes: 50, everyMs: 100, windowMs: windowOfMs }], rounds: 2 },
  normal: { cells: cells([10, 50, 200], [100, 1000]), rounds: 3 },
  full: { cells: cells([10, 50, 200, 1000], [100, 1000]), rounds: 5 },
};

/** One size at 10 Hz, for a look at it alone. Throws where it is no number of processes. */
export function planOf(processes: number): Plan {
  if (!Number.isSafeInteger(processes) || processes < 3) {
    throw new RangeError(`a tree of ${processes} processes cannot be made: it takes 3 or more`);
  }
  return { cells: cells([processes], [100]), rounds: 2 };
}

export function nameOfCell({ processes, everyMs }: Pick<Cell, 'processes' | 'everyMs'>): string {
  return `${1000 / everyMs} Hz, ${processes} processes`;
}
