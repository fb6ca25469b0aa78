import { setTimeout as delay } from 'node:timers/promises';
import { createFrame, writeHeader } from '../../shared/frame-codec.ts';
import { type FrameHeader, type SamplerMessage, type WatchedRoot } from '../../shared/sample.ts';
import { type Milliseconds, type SessionMs } from '../../shared/units.ts';
import { type SessionClock } from '../clock.ts';
import { createCoreRounds } from './core-rounds.ts';
import { createCpuMeter } from './cpu-meter.ts';
import { createSystemReader } from './default-reader.ts';
import { createFrameRows, type ProcessReading } from './frame-rows.ts';
import { createMessageHub } from './message-hub.ts';
import { createPssRounds } from './pss-rounds.ts';
import { createSchedule, type Deadline } from './schedule.ts';
import { type ProcessFacts, type SystemReader } from './system-reader.ts';
import { createProcessTree, type TreeChange } from './tree.ts';

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

export interface SamplerOptions {
  readonly clock: SessionClock;
  readonly everyMs: Milliseconds;
  /** By default the cheapest and truest one for this system. */
  readonly reader?: SystemReader;
  /** Waits until the clock reads `atMs`, or until `signal` says that the sampler stops. */
  readonly waitUntil?: (atMs: SessionMs, signal: AbortSignal) => Promise<void>;
}

function createWait(clock: SessionClock): NonNullable<SamplerOptions['waitUntil']> {
  return async (atMs, signal) => {
    // Node's timers may fire up to a millisecond early.
    for (;;) {
      const remainingMs = atMs - clock.nowMs();
      if (remainingMs <= 0 || signal.aborted) return;
      await delay(Math.ceil(remainingMs), undefined, { signal }).catch(() => undefined);
    }
  };
}

const nothingChanged: TreeChange = { appeared: [], goneKeys: [], goneNodes: [] };

/** Takes a sample at once and then every `everyMs`, until it is stopped. */
export function createSampler(options: SamplerOptions): Sampler {
  const { clock, everyMs, waitUntil = createWait(clock) } = options;
  const nowMs = (): SessionMs => clock.nowMs();
  const reader = options.reader ?? createSystemReader({ nowMs });
  let lastKey = 0;
  const takeKey = (): number => ++lastKey;

  const hub = createMessageHub();
  const tree = createProcessTree(takeKey);
  const cores = createCoreRounds(reader, nowMs);
  const rows = createFrameRows({ tree, reader, takeKey, nowMs, coreCount: () => cores.coreCount });
  const pss = createPssRounds((pid) => reader.readPssBytes(pid), nowMs);
  const ownMeter = createCpuMeter<'own'>();
  let processes: ProcessReading = { atMs: Number.NEGATIVE_INFINITY, uses: new Map() };
  let lastFacts: readonly ProcessFacts[] = [];
  let sequence = 0;

  /** A reading stands for the middle of the time it took: an interruption then costs half of what it could. */
  function midwaySince(startMs: SessionMs): SessionMs {
    return startMs + (nowMs() - startMs) / 2;
  }

  async function readProcesses(): Promise<TreeChange> {
    if (nowMs() - processes.atMs < reader.processEveryMs) return nothingChanged;
    const facts = await reader.readProcesses(tree.seeds());
    const change =
      facts === lastFacts && tree.isSettled()
        ? nothingChanged
        : tree.update(facts, (pid) => reader.describe(pid));
    lastFacts = facts;
    const startMs = nowMs();
    const uses = await reader.readUse(tree.nodes().map((node) => node.pid));
    processes = { atMs: midwaySince(startMs), uses };
    return change;
  }

  async function takeTick(deadline: Deadline): Promise<void> {
    const startMs = nowMs();
    cores.take((message) => hub.publish(message));

    rows.begin();
    const treeChange = await readProcesses();
    const pssOf = pss.sample(tree.nodes());
    const own = reader.readOwnUse();
    const sample = rows.take(treeChange, processes, (node) => {
      const pssBytes = pssOf.get(node);
      return pssBytes === undefined ? undefined : { pssBytes, ussBytes: Number.NaN, swapBytes: Number.NaN };
    });
    const { appeared, goneKeys } = sample;
    if (appeared.length + goneKeys.length > 0) hub.publish({ type: 'entities', appeared, goneKeys });

    const { buffer, columns } = createFrame({
      cores: cores.coreCount,
      rows: sample.rowCount,
      details: sample.detailCount,
    });
    cores.write(columns);
    sample.write(columns);
    const header: FrameHeader = {
      sequence: ++sequence,
      atMs: cores.atMs,
      latenessMs: Math.max(0, startMs - deadline.atMs),
      missedTicks: deadline.missedTicks,
      droppedFrames: 0,
      requestedEveryMs: everyMs,
      everyMs,
      ...cores.header,
      ownCpuShare: ownMeter.read('own', nowMs(), own.cpuMs),
      ownRssBytes: own.rssBytes,
    };
    writeHeader(buffer, header);
    hub.publish({ type: 'frame', buffer });
  }

  const stopping = new AbortController();

  async function run(): Promise<void> {
    // So that whoever creates the sampler can watch and subscribe before the first tick.
    await Promise.resolve();
    const schedule = createSchedule(nowMs(), everyMs);
    for (;;) {
      const deadline = schedule.next(nowMs());
      await waitUntil(deadline.atMs, stopping.signal);
      if (stopping.signal.aborted) return;
      await takeTick(deadline);
    }
  }

  const running = run();

  return {
    watch(root) {
      cores.watch(root);
      tree.watch(root);
    },
    unwatch(pid) {
      cores.unwatch(pid);
      tree.unwatch(pid);
    },
    nameThread: (pid, tid, name) => rows.nameThread(pid, tid, name),
    subscribe: (listener) => hub.subscribe(listener),
    async stop() {
      stopping.abort();
      await running;
      reader.close?.();
    },
  };
}
