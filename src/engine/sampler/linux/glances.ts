import type { SessionMs } from '../../../shared/units.ts';
import { type ClockReadings, createClockReadings } from './clock-turns.ts';
import type { Glance } from './quiet.ts';

/** What was read at one tick and has not been made sense of yet. Its arrays are used again. */
export interface HeldGlance extends Glance {
  readAtMs: SessionMs;
  forks: number;
  coreCount: number;
  readonly clocks: ClockReadings;
  /** What /proc/stat said. */
  statBytes: Buffer;
  statLength: number;
}

/** Glances in the order in which they were taken. */
export interface Glances {
  add(): HeldGlance;
  /** One whose arrays are of somewhere else: not to be changed until it was given. */
  hold(glance: HeldGlance): void;
  /** The oldest that was not given yet. Throws where there is none. */
  next(): HeldGlance;
  /** Those that were not given yet. */
  readonly heldCount: number;
}

/** For /proc/stat of some hundred cores; the reader makes it longer where it must. */
const leastBytes = 64 * 1024;

export function createGlance(
  clocks = createClockReadings(),
  statBytes: Buffer = Buffer.alloc(leastBytes),
): HeldGlance {
  return { readAtMs: Number.NaN, forks: Number.NaN, coreCount: 0, clocks, statBytes, statLength: 0 };
}

/** Keeps as many of its own as were ever held at once. */
export function createGlances(): Glances {
  const pool: HeldGlance[] = [];
  let pooled = 0;
  const held: HeldGlance[] = [];
  let given = 0;
  return {
    add() {
      const glance = (pool[pooled] ??= createGlance());
      pooled += 1;
      held.push(glance);
      return glance;
    },
    hold(glance) {
      held.push(glance);
    },
    next() {
      const glance = held[given];
      if (glance === undefined) throw new Error('there is no glance that was not recalled');
      given += 1;
      if (given === held.length) {
        given = 0;
        pooled = 0;
        held.length = 0;
      }
      return glance;
    },
    get heldCount() {
      return held.length - given;
    },
  };
}
