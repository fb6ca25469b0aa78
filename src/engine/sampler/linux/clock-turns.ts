import type { Milliseconds, SessionMs } from '../../../shared/units.ts';
import type { CpuClock } from './cpu-clock.ts';
import type { ProcessRecord } from './process-table.ts';

/**
 * Which clocks are read at which tick: of those that used CPU in the last second all, of the others some in turns, so
 * that each has been read once a second. Few of those that sleep are in the processor's caches: a clock costs 1 µs
 * there, three times what it costs in a loop that reads nothing else.
 */
export interface ClockTurns {
  /** To be told whenever the list is another one. */
  arrange(records: readonly ProcessRecord[], nowMs: SessionMs): void;
  /**
   * Chooses what to read and reads none of it: `into.places`, which is made longer where it must. `passedMs`: since the
   * turn before. `before`: plans that turn's successor, instead of the next one.
   */
  plan(passedMs: Milliseconds, into: ClockReadings, before?: ClockReadings | null): void;
  /** What was planned has been read: the next turn comes after it. */
  pass(readings: ClockReadings): void;
  /** Plans, reads and passes on. */
  read(clock: CpuClock, passedMs: Milliseconds, into: ClockReadings): void;
  /** Reads the same once more, because the reading was interrupted. */
  readAgain(clock: CpuClock, into: ClockReadings): void;
  /** To be called when what was read has been dealt with: who is hot now is read at the next tick. */
  settle(readings: ClockReadings): void;
}

/** What was read at one tick. Filled in place. */
export interface ClockReadings {
  /** The instant that all stand for. */
  atMs: SessionMs;
  /** How many were read, and of what: places in the list, and nanoseconds (NaN: there is no such process). */
  count: number;
  records: readonly ProcessRecord[];
  /** Where in the list the turn after it begins. */
  nextTurn: number;
  places: Int32Array;
  cpuNs: Float64Array;
}

export function createClockReadings(
  places: Int32Array = new Int32Array(0),
  cpuNs: Float64Array = new Float64Array(0),
): ClockReadings {
  return { atMs: Number.NaN, count: 0, records: [], nextTurn: 0, places, cpuNs };
}

/** Of those that sleep, so many a second at least: up to 8 of them are read at every tick at 10 Hz. */
const leastTurnsPerSecond = 80;

export function createClockTurns(nowMs: () => SessionMs): ClockTurns {
  let records: readonly ProcessRecord[] = [];
  let pids = new Int32Array(0);
  let isHot = new Uint8Array(0);
  let hot = new Int32Array(0);
  let hotCount = 0;
  let turn = 0;

  function plan(passedMs: Milliseconds, into: ClockReadings, before: ClockReadings | null = null): void {
    const total = records.length;
    if (into.places.length < total) {
      into.places = new Int32Array(pids.length);
      into.cpuNs = new Float64Array(pids.length);
    }
    const { places } = into;
    let count = 0;
    for (; count < hotCount; count += 1) places[count] = hot[count] ?? 0;
    const share = (Math.max(total, leastTurnsPerSecond) * passedMs) / 1000;
    let left = Math.min(total - hotCount, Math.ceil(share));
    let cursor = before?.nextTurn ?? turn;
    while (left > 0) {
      if (cursor >= total) cursor = 0;
      if (isHot[cursor] === 0) {
        places[count] = cursor;
        count += 1;
        left -= 1;
      }
      cursor += 1;
    }
    into.records = records;
    into.count = count;
    into.nextTurn = cursor;
  }

  function pass({ nextTurn }: ClockReadings): void {
    turn = nextTurn;
  }

  /** Nothing else is done between the readings, so that they stand for one instant. */
  function readPlanned(clock: CpuClock, into: ClockReadings): void {
    const { count, places, cpuNs } = into;
    const startMs = nowMs();
    for (let index = 0; index < count; index += 1) {
      cpuNs[index] = clock.readNs(pids[places[index] ?? 0] ?? 0);
    }
    into.atMs = startMs + (nowMs() - startMs) / 2;
  }

  return {
    arrange(list, atMs) {
      records = list;
      if (pids.length < list.length) {
        const length = list.length * 2;
        pids = new Int32Array(length);
        isHot = new Uint8Array(length);
        hot = new Int32Array(length);
      }
      hotCount = 0;
      for (const [place, record] of list.entries()) {
        pids[place] = record.pid;
        const staysHot = record.hotUntilMs > atMs;
        isHot[place] = staysHot ? 1 : 0;
        if (staysHot) hot[hotCount++] = place;
      }
    },
    plan,
    pass,
    read(clock, passedMs, into) {
      plan(passedMs, into);
      pass(into);
      readPlanned(clock, into);
    },
    readAgain: readPlanned,
    settle({ records: read, count, places, atMs }) {
      // The list is another one: `arrange` has seen who is hot.
      if (read !== records) return;
      const isHotNow = (place: number): boolean => (records[place]?.hotUntilMs ?? 0) > atMs;
      let kept = 0;
      for (let index = 0; index < hotCount; index += 1) {
        const place = hot[index] ?? 0;
        if (isHotNow(place)) hot[kept++] = place;
        else isHot[place] = 0;
      }
      hotCount = kept;
      for (let index = 0; index < count; index += 1) {
        const place = places[index] ?? 0;
        if (isHot[place] !== 0 || !isHotNow(place)) continue;
        isHot[place] = 1;
        hot[hotCount++] = place;
      }
    },
  };
}
