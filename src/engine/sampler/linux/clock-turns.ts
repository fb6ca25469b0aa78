import { type Milliseconds, type SessionMs } from '../../../shared/units.ts';
import { type CpuClock } from './cpu-clock.ts';
import { type ProcessRecord } from './process-table.ts';

/**
 * Which clocks are read at which tick: of those that used CPU in the last second all, of the others some in turns, so
 * that each has been read once a second. Few of those that sleep are in the processor's caches: a clock costs 1 µs
 * there, three times what it costs in a loop that reads nothing else.
 */
export interface ClockTurns {
  /** To be told whenever the list is another one. */
  arrange(records: readonly ProcessRecord[], nowMs: SessionMs): void;
  /** Fills `into`. `passedMs`: since the last turn. */
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
  places: Int32Array;
  cpuNs: Float64Array;
}

export function createClockReadings(): ClockReadings {
  return { atMs: Number.NaN, count: 0, records: [], places: new Int32Array(0), cpuNs: new Float64Array(0) };
}

/** Of those that sleep, so many a second at least: up to 16 of them are read at every tick at 10 Hz. */
const leastTurnsPerSecond = 160;

export function createClockTurns(nowMs: () => SessionMs): ClockTurns {
  let records: readonly ProcessRecord[] = [];
  let pids = new Int32Array(0);
  let isHot = new Uint8Array(0);
  let hot = new Int32Array(0);
  let hotCount = 0;
  let cursor = 0;

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
    read(clock, passedMs, into) {
      const total = records.length;
      if (into.places.length < total) {
        into.places = new Int32Array(pids.length);
        into.cpuNs = new Float64Array(pids.length);
      }
      const { places, cpuNs } = into;
      const startMs = nowMs();
      // Nothing else is done between the readings, so that they stand for one instant.
      let count = 0;
      for (; count < hotCount; count += 1) {
        const place = hot[count] ?? 0;
        places[count] = place;
        cpuNs[count] = clock.readNs(pids[place] ?? 0);
      }
      const share = (Math.max(total, leastTurnsPerSecond) * passedMs) / 1000;
      let left = Math.min(total - hotCount, Math.ceil(share));
      while (left > 0) {
        if (cursor >= total) cursor = 0;
        if (isHot[cursor] === 0) {
          places[count] = cursor;
          cpuNs[count] = clock.readNs(pids[cursor] ?? 0);
          count += 1;
          left -= 1;
        }
        cursor += 1;
      }
      into.records = records;
      into.count = count;
      into.atMs = startMs + (nowMs() - startMs) / 2;
    },
    readAgain(clock, into) {
      const { records: asked, count, places, cpuNs } = into;
      const startMs = nowMs();
      for (let index = 0; index < count; index += 1) {
        cpuNs[index] = clock.readNs(asked[places[index] ?? 0]?.pid ?? 0);
      }
      into.atMs = startMs + (nowMs() - startMs) / 2;
    },
    settle({ records: read, count, places, atMs }) {
      // The list is another one: `arrange` has seen who is hot.
      if (read !== records) return;
      // All that were hot were read.
      hotCount = 0;
      for (let index = 0; index < count; index += 1) {
        const place = places[index] ?? 0;
        const staysHot = (records[place]?.hotUntilMs ?? 0) > atMs;
        isHot[place] = staysHot ? 1 : 0;
        if (staysHot) hot[hotCount++] = place;
      }
    },
  };
}
