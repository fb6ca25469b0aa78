import { createFrameMaker } from '../../shared/frame-codec.ts';
import type { FrameHeader, SamplerMessage, WatchedRoot } from '../../shared/sample.ts';
import type { CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';
import type { SessionClock } from '../clock.ts';
import { createCoreRounds } from './core-rounds.ts';
import { createCpuMeter } from './cpu-meter.ts';
import { createSystemReader } from './default-reader.ts';
import { createFrameRows, type MemoryReadings, type ProcessReading } from './frame-rows.ts';
import {
  createTimerWait,
  noTicks,
  runTimerLoop,
  type TickSource,
  type TicksTaken,
  type WaitUntil,
} from './loop.ts';
import { createMessageHub } from './message-hub.ts';
import { createPace } from './pace.ts';
import { createPssRounds } from './pss-rounds.ts';
import type { Deadline } from './schedule.ts';
import type { KeptCounts, MemoryReading, ProcessFacts, ProcessUse, SystemReader } from './system-reader.ts';
import { createProcessTree, type ProcessNode, type TreeChange } from './tree.ts';

export interface Sampler {
  /** Watches the tree under a process from the next tick on. Watching it again changes nothing. */
  watch(root: WatchedRoot): void;
  unwatch(pid: number): void;
  /** Gives a thread of a run a row of its own. A main thread (tid = pid) needs none. */
  nameThread(pid: number, tid: number, name: string): void;
  /**
   * Every frame and every entities message, in order; nothing is dropped here. What is alive already is told
   * first, in an entities message of its own, where it is known here even before this returns. Returns the
   * unsubscribe.
   */
  subscribe(listener: (message: SamplerMessage) => void): () => void;
  /** Ends after the tick that is being taken. */
  stop(): Promise<void>;
}

/** For a receiver that does not look at every frame at once. */
export interface Holding {
  /**
   * From now on frames may come up to `holdMs` late, and those of several ticks at once; `onHandOver` is called when
   * all that there is has come. While the tree is quiet, ticks are then glances (`SystemReader.glance`) of which the
   * frames are made together: code and data are warm for all but the first, which makes a tick cost a third.
   */
  hold(holdMs: Milliseconds, onHandOver: () => void): void;
  /** Brings what is held at once. */
  handOver(): void;
}

export interface SamplerOptions {
  readonly clock: SessionClock;
  readonly everyMs: Milliseconds;
  /** By default the cheapest and truest one for this system. */
  readonly reader?: SystemReader;
  readonly waitUntil?: WaitUntil;
}

function readMemory(reader: SystemReader, pid: number): MemoryReading {
  const unknown = { ussBytes: Number.NaN, sharedDirtyBytes: Number.NaN, swapBytes: Number.NaN };
  return reader.readMemory?.(pid) ?? { ...unknown, pssBytes: reader.readPssBytes(pid) };
}

interface StartedTick {
  readonly deadline: Deadline;
  readonly startMs: SessionMs;
}

const nothingChanged: TreeChange = { appeared: [], goneKeys: [], goneNodes: [] };

/** The sampler without a loop: whoever has one takes the ticks. */
export interface Ticks extends Omit<Sampler, 'stop'>, Required<TickSource>, Holding {
  /**
   * For finding leaks: how many entries each collection holds that lives from tick to tick, those of the reader
   * included, and `files` that are open. What does not follow from what is alive now must stay as it is, whatever came
   * and went (`npm run bench:growth`).
   */
  countKept(): KeptCounts;
  /** Lets go of what is held open. */
  close(): void;
}

/** A sampler whose ticks are taken in this thread, so that one can look into it. */
export type LocalSampler = Sampler & Pick<Ticks, 'countKept'>;

export function createTicks(options: Omit<SamplerOptions, 'waitUntil'>): Ticks {
  const { clock, everyMs: requestedEveryMs } = options;
  const nowMs = (): SessionMs => clock.nowMs();
  /** Set while a tick is told of that was a glance. */
  let recalledAtMs: SessionMs | null = null;
  const tickMs = (): SessionMs => recalledAtMs ?? clock.nowMs();
  const reader = options.reader ?? createSystemReader({ nowMs });
  const frames = createFrameMaker();
  let lastKey = 0;
  const takeKey = (): number => ++lastKey;

  const hub = createMessageHub();
  const tree = createProcessTree(takeKey);
  const cores = createCoreRounds(reader, tickMs);
  const rows = createFrameRows({ tree, reader, takeKey, nowMs, coreCount: () => cores.coreCount });
  const pss = createPssRounds({ readMemory: (pid) => readMemory(reader, pid), nowMs });
  const pace = createPace(requestedEveryMs);
  const ownMeter = createCpuMeter<'own'>();
  let processes: ProcessReading = { atMs: Number.NEGATIVE_INFINITY, uses: new Map(), changedPids: null };
  let lastFacts: readonly ProcessFacts[] = [];
  const useOf = (pid: number): ProcessUse | undefined => processes.uses.get(pid);
  const memory: MemoryReadings = {
    of: (node) => pss.readingOf(node) ?? undefined,
    get round() {
      return pss.round;
    },
  };
  const publish = (message: SamplerMessage): void => hub.publish(message);
  let pidNodes: readonly ProcessNode[] = [];
  let pids: readonly number[] = [];
  let sequence = 0;
  let own: ProcessUse = { cpuMs: Number.NaN, rssBytes: Number.NaN };
  let ownCpuShare: CpuShare = Number.NaN;
  let holdMs: Milliseconds = 0;
  let onHandOver = (): void => undefined;
  /** The deadline of the oldest frame that was not handed over. */
  let heldSinceMs: SessionMs = Number.NaN;
  const glances: StartedTick[] = [];
  let mayGlance = false;

  /** A reading stands for the middle of the time it took: an interruption then costs half of what it could. */
  function midwaySince(startMs: SessionMs): SessionMs {
    return startMs + (tickMs() - startMs) / 2;
  }

  function pidsOf(nodes: readonly ProcessNode[]): readonly number[] {
    if (nodes !== pidNodes) {
      pidNodes = nodes;
      pids = nodes.map((node) => node.pid);
    }
    return pids;
  }

  function updateTree(facts: readonly ProcessFacts[]): TreeChange {
    const change =
      facts === lastFacts && tree.isSettled()
        ? nothingChanged
        : tree.update(facts, (pid) => reader.describe(pid));
    lastFacts = facts;
    return change;
  }

  /** A reader that starts programs answers later; for the other ones nothing here waits or allocates a promise. */
  async function readProcessesLater(facts: Promise<readonly ProcessFacts[]>): Promise<TreeChange> {
    const change = updateTree(await facts);
    const startMs = tickMs();
    const uses = await reader.readUse(pidsOf(tree.nodes()));
    processes = { atMs: midwaySince(startMs), uses, changedPids: reader.changedPids?.() ?? null };
    return change;
  }

  function readProcesses(): TreeChange | Promise<TreeChange> {
    if (tickMs() - processes.atMs < reader.processEveryMs) return nothingChanged;
    const facts = reader.readProcesses(tree.seeds());
    if (facts instanceof Promise) return readProcessesLater(facts);
    const change = updateTree(facts);
    const startMs = tickMs();
    const uses = reader.readUse(pidsOf(tree.nodes()));
    if (uses instanceof Promise)
      throw new Error('a reader that lists processes at once must read them at once');
    processes = { atMs: midwaySince(startMs), uses, changedPids: reader.changedPids?.() ?? null };
    return change;
  }

  function takeNow(deadline: Deadline): Promise<void> | null {
    const startMs = nowMs();
    cores.take(publish);
    rows.begin();
    const change = readProcesses();
    if (change instanceof Promise) return change.then((later) => finishNow({ deadline, startMs }, later));
    finishNow({ deadline, startMs }, change);
    return null;
  }

  function finishNow(tick: StartedTick, treeChange: TreeChange): void {
    readSeldom(tick.startMs);
    finish(tick, treeChange);
    findWhetherToGlance();
    if (isHoldOver(tick.deadline)) onHandOver();
  }

  /** What is read beside cores and processes, and so of no glance. */
  function readSeldom(startMs: SessionMs): void {
    pss.sample(tree.nodes(), useOf, pace.isThrifty);
    own = reader.readOwnUse();
    ownCpuShare = ownMeter.read('own', nowMs(), own.cpuMs);
    pace.note(startMs, (reader.readSamplingCpuMs?.() ?? own.cpuMs) - pss.spentMs);
  }

  function finish({ deadline, startMs }: StartedTick, treeChange: TreeChange): void {
    const sample = rows.take(treeChange, processes, memory);
    const { appeared, goneKeys } = sample;
    if (appeared.length + goneKeys.length > 0) hub.publish({ type: 'entities', appeared, goneKeys });

    const columns = frames.begin({
      cores: cores.coreCount,
      rows: sample.rowCount,
      details: sample.detailCount,
    });
    cores.write(columns);
    sample.write(columns);
    const { coreWindowMs, coreErrorShare, throttledShare } = cores.header;
    const header: FrameHeader = {
      sequence: ++sequence,
      atMs: cores.atMs,
      latenessMs: Math.max(0, startMs - deadline.atMs),
      missedTicks: deadline.missedTicks,
      droppedFrames: 0,
      requestedEveryMs,
      everyMs: pace.everyMs,
      coreWindowMs,
      coreErrorShare,
      throttledShare,
      ownCpuShare,
      ownRssBytes: own.rssBytes,
    };
    hub.publish({ type: 'frame', buffer: frames.finish(header) });
  }

  /** Whether a tick more would make a frame wait for longer than it may. */
  function isHoldOver({ atMs }: Deadline): boolean {
    if (Number.isNaN(heldSinceMs)) heldSinceMs = atMs;
    if (atMs - heldSinceMs + 1.5 * pace.everyMs <= holdMs) return false;
    heldSinceMs = Number.NaN;
    return true;
  }

  /** Makes the frames of all glances; of the last one as of any tick, with all that is due. */
  function recallAll(): void {
    let left = glances.length;
    for (const tick of glances) {
      left -= 1;
      const isLast = left === 0;
      recalledAtMs = reader.recall?.(isLast) ?? null;
      if (isLast) rows.begin();
      cores.take(publish);
      const change = readProcesses();
      recalledAtMs = null;
      if (change instanceof Promise) throw new Error('a reader that takes glances must answer at once');
      if (isLast) readSeldom(tick.startMs);
      finish(tick, change);
    }
    if (glances.length > 0) findWhetherToGlance();
    glances.length = 0;
  }

  function handOver(): void {
    recallAll();
    heldSinceMs = Number.NaN;
    onHandOver();
  }

  /** Only where a glance shows all that there is to tell. Asked after a tick that looked at all. */
  function findWhetherToGlance(): void {
    mayGlance =
      holdMs >= 1.5 * pace.everyMs && reader.glance !== undefined && tree.isSettled() && rows.arePlain();
  }

  /** Before what is watched becomes another: glances were of what there was. */
  function lookClosely(): void {
    recallAll();
    mayGlance = false;
  }

  function take(deadline: Deadline): Promise<void> | null {
    if (!mayGlance) return takeNow(deadline);
    glances.push({ deadline, startMs: nowMs() });
    const isQuiet = reader.glance?.() ?? false;
    const isOver = isHoldOver(deadline);
    if (!isQuiet || isOver) recallAll();
    if (isOver) onHandOver();
    return null;
  }

  /** Ticks from `atMs` on until the hold is over. */
  function countHeldTicks(atMs: SessionMs): number {
    const heldForMs = Number.isNaN(heldSinceMs) ? 0 : atMs - heldSinceMs;
    return Math.max(1, Math.floor((holdMs - heldForMs) / pace.everyMs - 1.5) + 2);
  }

  function takeAhead(first: Deadline, heard: number): TicksTaken {
    if (!mayGlance || reader.glanceAhead === undefined) return noTicks;
    const { everyMs } = pace;
    const taken = reader.glanceAhead({
      firstAtMs: first.atMs,
      everyMs,
      count: countHeldTicks(first.atMs),
      heard,
    });
    if (taken.count === 0) return noTicks;
    let isOver = false;
    for (let index = 0; index < taken.count; index += 1) {
      const deadline = { atMs: first.atMs + index * everyMs, missedTicks: first.missedTicks };
      glances.push({ deadline, startMs: taken.startedAtMs(index) });
      isOver ||= isHoldOver(deadline);
    }
    const startedAtMs = taken.startedAtMs(taken.count - 1);
    if (!taken.isQuiet || isOver) recallAll();
    if (isOver) onHandOver();
    return { count: taken.count, startedAtMs };
  }

  return {
    watch(root) {
      lookClosely();
      cores.watch(root);
      tree.watch(root);
    },
    unwatch(pid) {
      lookClosely();
      cores.unwatch(pid);
      tree.unwatch(pid);
    },
    nameThread(pid, tid, name) {
      lookClosely();
      rows.nameThread(pid, tid, name);
    },
    subscribe: (listener) => hub.subscribe(listener),
    take,
    takeAhead,
    hold(forMs, afterHandOver) {
      holdMs = forMs;
      onHandOver = afterHandOver;
    },
    handOver,
    everyMs: () => pace.everyMs,
    countKept: () => ({
      tree: tree.keptCount,
      ...rows.countKept(),
      pss: pss.keptCount,
      told: hub.keptCount,
      glances: glances.length,
      ...reader.countKept?.(),
    }),
    close: () => reader.close?.(),
  };
}

/** Takes a sample at once and then every `everyMs`, until it is stopped. On timers of this thread. */
export function createSampler(options: SamplerOptions): LocalSampler {
  const { clock, waitUntil = createTimerWait(clock) } = options;
  const ticks = createTicks(options);
  const stopping = new AbortController();
  // Later, so that whoever creates the sampler can watch and subscribe before the first tick.
  const running = Promise.resolve().then(() =>
    runTimerLoop(ticks, () => clock.nowMs(), waitUntil, stopping.signal),
  );
  return {
    ...ticks,
    async stop() {
      stopping.abort();
      await running;
      ticks.close();
    },
  };
}
