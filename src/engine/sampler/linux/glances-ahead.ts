import type { Milliseconds } from '../../../shared/units.ts';
import { leastApartShare } from '../schedule.ts';
import type { GlancesAhead, GlancesTaken } from '../system-reader.ts';
import { type ClockReadings, createClockReadings } from './clock-turns.ts';
import {
  type GlanceLibrary,
  glanceOutcome,
  planField,
  planLength,
  tickField,
  tickLength,
} from './glance-library.ts';
import { createGlance, type Glances, type HeldGlance } from './glances.ts';
import type { ProcessRounds } from './process-rounds.ts';
import { type KnownProcesses, quietShare } from './quiet.ts';

/** Where commands come in: the first number grows with each, the second is for the descriptor that wakes for one. */
export type Bell = Int32Array;

export interface GlancesAheadOptions {
  /** Null where there is none. */
  readonly library: GlanceLibrary | null;
  readonly bell: Bell;
  /** CLOCK_MONOTONIC when the session began. */
  readonly originNs: bigint;
}

/** What glances are taken of. */
export interface GlanceSources {
  readonly rounds: ProcessRounds;
  readonly glances: Glances;
  /** The open /proc/stat; -1 where it is closed. */
  readonly statFile: () => number;
  readonly coreCount: () => number;
  /** How long a reading usually takes, in its one place: learned here too. */
  readonly usualMs: Float64Array;
}

export type TakeAhead = (ahead: GlancesAhead) => GlancesTaken;

/** In one call; a longer hold at a high rate takes several. Each costs room for all that is read at it. */
const mostTicks = 128;
/** Entries of all ticks together, of 12 bytes each; beyond that fewer ticks are taken in one call. */
const mostEntries = 128 * 1024;
/** At the least; doubled where /proc/stat is longer. */
const leastStatRoom = 8 * 1024;
const mostStatRoom = 1024 * 1024;

const noBufferSpace = 105;
const nsPerSecond = 1_000_000_000n;

export const noGlances: GlancesTaken = { count: 0, isQuiet: true, startedAtMs: () => Number.NaN };

function createKnown(processes: number): KnownProcesses {
  return {
    pids: new Int32Array(processes),
    toldNs: new Float64Array(processes),
    searchedAtForks: new Float64Array(processes),
  };
}

/** What all ticks are written to. */
interface Room {
  readonly ticks: number;
  readonly entries: number;
  readonly statBytes: number;
  readonly numbers: Float64Array;
  readonly places: Int32Array;
  readonly cpuNs: Float64Array;
  readonly stat: Buffer;
  readonly slots: HeldGlance[];
}

function createRoom(entries: number, statBytes: number): Room {
  const ticks = Math.max(1, Math.min(mostTicks, Math.floor(mostEntries / entries)));
  return {
    ticks,
    entries,
    statBytes,
    numbers: new Float64Array(ticks * tickLength),
    places: new Int32Array(ticks * entries),
    cpuNs: new Float64Array(ticks * entries),
    // Not from the pool of small buffers: most of it is never touched, and so never there.
    stat: Buffer.alloc(ticks * statBytes),
    slots: [],
  };
}

/** The glance whose arrays are a part of the room. */
function createSlot({ entries, places, cpuNs, stat, statBytes }: Room, index: number): HeldGlance {
  const from = index * entries;
  const clocks = createClockReadings(
    places.subarray(from, from + entries),
    cpuNs.subarray(from, from + entries),
  );
  return createGlance(clocks, stat.subarray(index * statBytes, (index + 1) * statBytes));
}

/**
 * Glances that are taken by `native/glances.c` in a call that sleeps between them. What is read when, and what becomes
 * of it, is decided here and in `process-rounds.ts` as for any glance; the library only does it, and stops where there
 * is something to decide.
 */
export function createGlancesAhead(options: GlancesAheadOptions, sources: GlanceSources): TakeAhead {
  const { bell, originNs } = options;
  const { rounds, glances, statFile, coreCount, usualMs } = sources;
  /** Undefined until it is first needed. */
  let library: GlanceLibrary | null | undefined;
  let wakeFile = -1;
  const plan = new Float64Array(planLength);
  plan[planField.originSeconds] = Number(originNs / nsPerSecond);
  plan[planField.originNanoseconds] = Number(originNs % nsPerSecond);
  const taken = new Int32Array(1);
  let room: Room | null = null;
  let statRoom = leastStatRoom;
  let known: KnownProcesses = createKnown(0);
  /** Slots of which the frames were not made yet. */
  let used = 0;

  function open(): GlanceLibrary | null {
    wakeFile = options.library?.openWakeFile() ?? -1;
    if (wakeFile < 0) return null;
    // From now on who rings writes to it, too.
    Atomics.store(bell, 1, wakeFile);
    return options.library;
  }

  /** Room for more than there are: a tree grows. */
  function makeRoom(processCount: number): Room | null {
    if (glances.heldCount === 0) used = 0;
    const isLarge = room !== null && room.entries >= processCount && room.statBytes >= statRoom;
    if (!isLarge && used > 0) return null;
    if (!isLarge) room = createRoom(Math.max(64, processCount * 2), statRoom);
    if (known.pids.length < processCount) known = createKnown(processCount * 2);
    return room;
  }

  function planTicks(into: Room, count: number, { firstAtMs, everyMs }: GlancesAhead): void {
    let passedMs: Milliseconds = firstAtMs - rounds.clocksAtMs;
    let before: ClockReadings | null = null;
    for (let index = used; index < used + count; index += 1) {
      const { clocks } = (into.slots[index] ??= createSlot(into, index));
      rounds.planClocks(passedMs, clocks, before);
      into.numbers[index * tickLength + tickField.count] = clocks.count;
      passedMs = everyMs;
      before = clocks;
    }
  }

  function fillPlan(into: Room, ticks: number, ahead: GlancesAhead): void {
    plan[planField.firstDeadlineMs] = ahead.firstAtMs;
    plan[planField.everyMs] = ahead.everyMs;
    plan[planField.leastApartMs] = leastApartShare * ahead.everyMs;
    plan[planField.firstTick] = used;
    plan[planField.ticks] = ticks;
    plan[planField.entryRoom] = into.entries;
    plan[planField.statRoom] = into.statBytes;
    plan[planField.processes] = rounds.processCount;
    plan[planField.statFile] = statFile();
    plan[planField.wakeFile] = wakeFile;
    plan[planField.heard] = ahead.heard;
    plan[planField.lookedAtMs] = rounds.lookedAtMs;
    plan[planField.quietNsPerMs] = quietShare * 1e6;
    plan[planField.usualMs] = usualMs[0] ?? Number.POSITIVE_INFINITY;
  }

  /** Takes over what the library wrote of the tick in a slot. */
  function hold(from: Room, index: number): void {
    const slot = from.slots[index];
    if (slot === undefined) throw new Error(`slot ${index} was never planned`);
    const valueOf = (field: number): number => from.numbers[index * tickLength + field] ?? Number.NaN;
    slot.readAtMs = valueOf(tickField.readAtMs);
    slot.clocks.atMs = valueOf(tickField.clocksAtMs);
    // A small integer for V8 too, as the length of a file is everywhere else.
    slot.statLength = valueOf(tickField.statLength) | 0;
    slot.forks = valueOf(tickField.forks);
    slot.coreCount = coreCount();
    glances.hold(slot);
    rounds.noteClocks(slot.clocks, valueOf(tickField.startedAtMs));
  }

  return (ahead) => {
    if (library === undefined) library = open();
    if (library === null || statFile() < 0) return noGlances;
    const into = makeRoom(rounds.processCount);
    if (into === null || used >= into.ticks) return noGlances;
    const wanted = Math.min(ahead.count, into.ticks - used);
    planTicks(into, wanted, ahead);
    rounds.fillKnown(known);
    fillPlan(into, wanted, ahead);
    const { pids, toldNs, searchedAtForks } = known;
    const { numbers, places, cpuNs, stat } = into;
    const outcome = library.take(
      plan,
      bell,
      pids,
      toldNs,
      searchedAtForks,
      numbers,
      places,
      cpuNs,
      stat,
      taken,
    );
    usualMs[0] = plan[planField.usualMs] ?? Number.POSITIVE_INFINITY;
    const first = used;
    const count = taken[0] ?? 0;
    for (; used < first + count; used += 1) hold(into, used);
    if (outcome === -noBufferSpace && statRoom < mostStatRoom) statRoom *= 2;
    else if (outcome < 0) library = null;
    const last = into.slots[used - 1];
    return {
      count,
      // The library has no more than a copy of what is known.
      isQuiet: outcome !== glanceOutcome.notQuiet || last === undefined || rounds.isQuiet(last),
      startedAtMs: (index) => numbers[(first + index) * tickLength + tickField.startedAtMs] ?? Number.NaN,
    };
  };
}
