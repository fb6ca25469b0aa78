import type { SampleFrame } from '../../shared/sample.ts';
import type { CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';

/** Points that are kept of each row, one a second: what a line beside its name can show. */
export const historyPoints = 60;
const pointEveryMs: Milliseconds = 1_000;
/** A sampler that is a little early must not cost a point. */
const earlyMs: Milliseconds = 20;

interface Row {
  readonly shares: Float32Array;
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
  readonly #rows = new Map<number, Row>();
  #turn = 0;
  #atMs: SessionMs = Number.NaN;

  add(frame: SampleFrame): void {
    const spanMs = frame.atMs - this.#atMs;
    if (spanMs < pointEveryMs - earlyMs) return;
    this.#atMs = frame.atMs;
    // Seconds without a frame are a gap of as many points, and not a line that was drawn through.
    const turns = Number.isNaN(spanMs) ? 1 : Math.max(1, Math.round(spanMs / pointEveryMs));
    this.#turn += turns;
    for (const [index, key] of frame.keys.entries()) {
      const cpuMs = frame.cpuMs[index] ?? Number.NaN;
      const row = this.#rows.get(key);
      if (row === undefined) {
        const shares = new Float32Array(historyPoints).fill(Number.NaN);
        this.#rows.set(key, { shares, cpuMs, turn: this.#turn, points: null });
        continue;
      }
      const isNext = row.turn === this.#turn - turns;
      for (let turn = Math.max(row.turn, this.#turn - historyPoints) + 1; turn < this.#turn; turn += 1) {
        row.shares[turn % historyPoints] = Number.NaN;
      }
      row.shares[this.#turn % historyPoints] = isNext ? (cpuMs - row.cpuMs) / spanMs : Number.NaN;
      row.cpuMs = cpuMs;
      row.turn = this.#turn;
    }
    for (const [key, { turn }] of this.#rows) if (turn <= this.#turn - historyPoints) this.#rows.delete(key);
  }

  /** The oldest first; NaN where nothing is known. Null for a row that was not seen in the last minute. */
  of(key: number): readonly CpuShare[] | null {
    const row = this.#rows.get(key);
    if (row === undefined) return null;
    if (row.points?.turn === this.#turn) return row.points.shares;
    const shares = Array.from({ length: historyPoints }, (_, index) => {
      const turn = this.#turn - historyPoints + 1 + index;
      return turn < 0 || turn > row.turn ? Number.NaN : (row.shares[turn % historyPoints] ?? Number.NaN);
    });
    row.points = { turn: this.#turn, shares };
    return shares;
  }
}

/**
 * An SVG path over the points, as wide and high as is said, with the greatest of them or one core at the top. Unknown
 * points are gaps; a lone point is a dot. Empty where nothing is known.
 */
export function historyPath(
  shares: readonly CpuShare[],
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): string {
  const top = shares.reduce((most, share) => (share > most ? share : most), 1);
  let path = '';
  let isOpen = false;
  for (const [index, share] of shares.entries()) {
    if (Number.isNaN(share)) {
      isOpen = false;
      continue;
    }
    const x = ((index / (shares.length - 1)) * widthPx).toFixed(1);
    const y = (heightPx * (1 - Math.max(0, share) / top)).toFixed(1);
    const isLone = !isOpen && Number.isNaN(shares[index + 1] ?? Number.NaN);
    path += isOpen ? `L${x} ${y}` : `M${x} ${y}${isLone ? 'h0.1' : ''}`;
    isOpen = true;
  }
  return path;
}
