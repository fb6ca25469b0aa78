import type { SampleFrame } from '../../shared/sample.ts';
import type { CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';
import { isEqualColumn } from './tree-members.ts';

/** Points that are kept of each row, one a second: what a line beside its name can show. */
export const historyPoints = 60;
const pointEveryMs: Milliseconds = 1_000;
/** A sampler that is a little early must not cost a point. */
const earlyMs: Milliseconds = 20;

/** The points of a row in order; the same until there is a new one. */
interface Points {
  readonly turn: number;
  readonly shares: readonly CpuShare[];
}

/**
 * CPU of each row over the last minute. From the counters and not from the shares of single frames: so each point is
 * exact, and rows are only looked at once a second, however often frames come.
 */
export class CpuHistory {
  // Not reactive: all rows have their new point at once, which `#turn` tells.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #slots = new Map<number, number>();
  /** The points of one second stand side by side: 5 000 rows are written in one go, and a gap is filled in one. */
  #shares = new Float32Array(0);
  #capacity = 0;
  /** By slot: the counter at the newest point, which point that was, and the points, made when somebody asks for them. */
  #cpuMs = new Float64Array(0);
  #turns = new Float64Array(0);
  readonly #points: (Points | undefined)[] = [];
  #freeSlots: number[] = [];
  /** Goes up with every new point: who shows a line looks at it again. */
  #turn = $state(0);
  #atMs: SessionMs = Number.NaN;
  /** Whose rows the last frame had: mostly the next one's too. */
  #lastKeys = new Float64Array(0);
  #lastSlots = new Int32Array(0);

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
    const slots = this.#slotsOf(frame.keys, turn);
    const points = this.#pointsOf(turn);
    const lastCpuMs = this.#cpuMs;
    const lastTurns = this.#turns;
    for (let row = 0; row < slots.length; row += 1) {
      const slot = slots[row] ?? -1;
      const cpuMs = frame.cpuMs[row] ?? Number.NaN;
      if (lastTurns[slot] === before) points[slot] = (cpuMs - (lastCpuMs[slot] ?? Number.NaN)) / spanMs;
      lastCpuMs[slot] = cpuMs;
      lastTurns[slot] = turn;
    }
  }

  /** The oldest first; NaN where nothing is known. Null for a row that was not seen in the last minute. */
  of(key: number): readonly CpuShare[] | null {
    const newest = this.#turn;
    const slot = this.#slots.get(key);
    if (slot === undefined || (this.#turns[slot] ?? Number.NaN) <= newest - historyPoints) return null;
    const known = this.#points[slot];
    if (known?.turn === newest) return known.shares;
    const shares =
      known?.turn === newest - 1
        ? // Points of one row stand far from each other: only the new one is fetched.
          [...known.shares.slice(1), this.#shareAt(newest, slot)]
        : Array.from({ length: historyPoints }, (_, index) =>
            this.#shareAt(newest - historyPoints + 1 + index, slot),
          );
    this.#points[slot] = { turn: newest, shares };
    return shares;
  }

  #shareAt(turn: number, slot: number): CpuShare {
    return turn < 0 ? Number.NaN : (this.#shares[this.#startOf(turn) + slot] ?? Number.NaN);
  }

  #pointsOf(turn: number): Float32Array {
    return this.#shares.subarray(this.#startOf(turn), this.#startOf(turn) + this.#capacity);
  }

  #startOf(turn: number): number {
    return (turn % historyPoints) * this.#capacity;
  }

  #slotsOf(keys: Float64Array, newest: number): Int32Array {
    if (isEqualColumn(keys, this.#lastKeys)) return this.#lastSlots;
    for (const [key, slot] of this.#slots) {
      if ((this.#turns[slot] ?? Number.NaN) > newest - historyPoints) continue;
      this.#slots.delete(key);
      this.#points[slot] = undefined;
      this.#freeSlots.push(slot);
    }
    this.#lastKeys = keys.slice();
    this.#lastSlots = Int32Array.from(keys, (key) => this.#slots.get(key) ?? this.#begin(key));
    return this.#lastSlots;
  }

  #begin(key: number): number {
    const slot = this.#freeSlots.pop() ?? this.#slots.size;
    if (slot >= this.#capacity) this.#grow();
    for (let turn = 0; turn < historyPoints; turn += 1)
      this.#shares[turn * this.#capacity + slot] = Number.NaN;
    this.#cpuMs[slot] = Number.NaN;
    this.#turns[slot] = Number.NEGATIVE_INFINITY;
    this.#slots.set(key, slot);
    return slot;
  }

  #grow(): void {
    const capacity = Math.max(64, this.#capacity * 2);
    const shares = new Float32Array(capacity * historyPoints).fill(Number.NaN);
    for (let turn = 0; turn < historyPoints; turn += 1) shares.set(this.#pointsOf(turn), turn * capacity);
    this.#shares = shares;
    this.#cpuMs = grown(this.#cpuMs, capacity);
    this.#turns = grown(this.#turns, capacity);
    this.#capacity = capacity;
  }
}

function grown(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(values);
  return longer;
}

/**
 * An SVG path of the points, as wide and high as is said, with the greatest of them or one core as the highest. All
 * steps are relative, so that it can begin wherever a move leads to: at the top left. Unknown points are gaps, a lone
 * point is a dot, what stays level is one step. Empty where nothing is known. Sizes are whole numbers, of any unit.
 */
export function historyPath(
  shares: readonly CpuShare[],
  { width, height }: { readonly width: number; readonly height: number },
): string {
  let most = 1;
  for (const share of shares) if (share > most) most = share;
  let path = '';
  let isOpen = false;
  let x = 0;
  let y = 0;
  let level = 0;
  for (let index = 0; index < shares.length; index += 1) {
    const share = shares[index] ?? Number.NaN;
    const isKnown = !Number.isNaN(share);
    const nextX = Math.round((index / (shares.length - 1)) * width);
    const nextY = isKnown ? Math.round(height * (1 - Math.max(0, share) / most)) : y;
    if (isOpen && isKnown && nextY === y) {
      level = nextX - x;
      continue;
    }
    if (level > 0) path += `h${level}`;
    x += level;
    level = 0;
    if (isKnown) {
      const isLone = !isOpen && Number.isNaN(shares[index + 1] ?? Number.NaN);
      path += `${isOpen ? 'l' : 'm'}${nextX - x} ${nextY - y}${isLone ? 'h1' : ''}`;
      x = isLone ? nextX + 1 : nextX;
      y = nextY;
    }
    isOpen = isKnown;
  }
  return level > 0 ? `${path}h${level}` : path;
}
