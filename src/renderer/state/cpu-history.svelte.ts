import type { SampleFrame } from '../../shared/sample.ts';
import type { CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';

/** Points that are kept of each row, one a second: what a line beside its name can show. */
export const historyPoints = 60;
const pointEveryMs: Milliseconds = 1_000;
/** A sampler that is a little early must not cost a point. */
const earlyMs: Milliseconds = 20;

/** What is known of a row beside its points. */
interface Row {
  readonly slot: number;
  cpuMs: number;
  /** Of the newest point. */
  turn: number;
  /** The points in order, made when somebody asks for them; the same until there is a new one. */
  points: { readonly turn: number; readonly shares: readonly CpuShare[] } | null;
}

/**
 * CPU of each row over the last minute. From the counters and not from the shares of single frames: so each point is
 * exact, and rows are only looked at once a second, however often frames come.
 */
export class CpuHistory {
  // Not reactive: all rows have their new point at once, which `#turn` tells.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #rows = new Map<number, Row>();
  /** The points of one second stand side by side: 5 000 rows are written in one go, and a gap is filled in one. */
  #shares = new Float32Array(0);
  #capacity = 0;
  #freeSlots: number[] = [];
  /** Goes up with every new point: who shows a line looks at it again. */
  #turn = $state(0);
  #atMs: SessionMs = Number.NaN;
  /** Whose rows the last frame had: mostly the next one's too. */
  #lastKeys = new Float64Array(0);
  #lastRows: readonly Row[] = [];

  add(frame: SampleFrame): void {
    const spanMs = frame.atMs - this.#atMs;
    if (spanMs < pointEveryMs - earlyMs) return;
    this.#atMs = frame.atMs;
    // Seconds without a frame are a gap of as many points, and not a line that was drawn through.
    const turns = Number.isNaN(spanMs) ? 1 : Math.max(1, Math.round(spanMs / pointEveryMs));
    const before = this.#turn;
    const turn = before + turns;
    for (let step = Math.max(before + 1, turn - historyPoints); step <= turn; step += 1) {
      this.#pointsOf(step).fill(Number.NaN);
    }
    this.#turn = turn;
    const rows = this.#rowsOf(frame.keys, turn);
    const points = this.#pointsOf(turn);
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index];
      if (row === undefined) continue;
      const cpuMs = frame.cpuMs[index] ?? Number.NaN;
      if (row.turn === before) points[row.slot] = (cpuMs - row.cpuMs) / spanMs;
      row.cpuMs = cpuMs;
      row.turn = turn;
    }
  }

  /** The oldest first; NaN where nothing is known. Null for a row that was not seen in the last minute. */
  of(key: number): readonly CpuShare[] | null {
    const newest = this.#turn;
    const row = this.#rows.get(key);
    if (row === undefined || row.turn <= newest - historyPoints) return null;
    if (row.points?.turn === newest) return row.points.shares;
    const shares = Array.from({ length: historyPoints }, (_, index) => {
      const turn = newest - historyPoints + 1 + index;
      return turn < 0 ? Number.NaN : (this.#shares[this.#startOf(turn) + row.slot] ?? Number.NaN);
    });
    row.points = { turn: newest, shares };
    return shares;
  }

  #pointsOf(turn: number): Float32Array {
    return this.#shares.subarray(this.#startOf(turn), this.#startOf(turn) + this.#capacity);
  }

  #startOf(turn: number): number {
    return (turn % historyPoints) * this.#capacity;
  }

  #rowsOf(keys: Float64Array, newest: number): readonly Row[] {
    if (isEqual(keys, this.#lastKeys)) return this.#lastRows;
    for (const [key, { turn, slot }] of this.#rows) {
      if (turn > newest - historyPoints) continue;
      this.#rows.delete(key);
      this.#freeSlots.push(slot);
    }
    this.#lastKeys = keys.slice();
    this.#lastRows = Array.from(keys, (key) => this.#rows.get(key) ?? this.#begin(key));
    return this.#lastRows;
  }

  #begin(key: number): Row {
    const slot = this.#freeSlots.pop() ?? this.#rows.size;
    if (slot >= this.#capacity) this.#grow();
    for (let turn = 0; turn < historyPoints; turn += 1)
      this.#shares[turn * this.#capacity + slot] = Number.NaN;
    const row: Row = { slot, cpuMs: Number.NaN, turn: Number.NEGATIVE_INFINITY, points: null };
    this.#rows.set(key, row);
    return row;
  }

  #grow(): void {
    const capacity = Math.max(64, this.#capacity * 2);
    const shares = new Float32Array(capacity * historyPoints).fill(Number.NaN);
    for (let turn = 0; turn < historyPoints; turn += 1) shares.set(this.#pointsOf(turn), turn * capacity);
    this.#shares = shares;
    this.#capacity = capacity;
  }
}

function isEqual(one: Float64Array, other: Float64Array): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** A number in tenths as a text: a path of a minute has 120, and writing out each one anew took longest of all. */
const tenths: string[] = [];

function toTenths(value: number): string {
  const count = Math.round(value * 10);
  return (tenths[count] ??= (count / 10).toFixed(1));
}

/**
 * An SVG path over the points, as wide and high as is said and so far from the top, with the greatest of them or one
 * core as the highest. Unknown points are gaps; a lone point is a dot. Empty where nothing is known.
 */
export function historyPath(
  shares: readonly CpuShare[],
  {
    widthPx,
    heightPx,
    topPx = 0,
  }: { readonly widthPx: number; readonly heightPx: number; readonly topPx?: number },
): string {
  const top = shares.reduce((most, share) => (share > most ? share : most), 1);
  let path = '';
  let isOpen = false;
  for (let index = 0; index < shares.length; index += 1) {
    const share = shares[index] ?? Number.NaN;
    if (Number.isNaN(share)) {
      isOpen = false;
      continue;
    }
    const x = toTenths((index / (shares.length - 1)) * widthPx);
    const y = toTenths(topPx + heightPx * (1 - Math.max(0, share) / top));
    const isLone = !isOpen && Number.isNaN(shares[index + 1] ?? Number.NaN);
    path += isOpen ? `L${x} ${y}` : `M${x} ${y}${isLone ? 'h0.1' : ''}`;
    isOpen = true;
  }
  return path;
}
