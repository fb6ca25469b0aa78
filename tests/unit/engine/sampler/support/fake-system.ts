import { decodeFrame } from '../../../../../src/shared/frame-codec.ts';
import { type EntityInfo, type SampleFrame } from '../../../../../src/shared/sample.ts';
import { createSampler, type Sampler } from '../../../../../src/engine/sampler/index.ts';
import { type SystemReader } from '../../../../../src/engine/sampler/system-reader.ts';
import { drawSystem } from './tree-drawing.ts';

/** A machine that stands still until the test moves it. */
export interface FakeSystem {
  nowMs: number;
  /** See `drawSystem`. */
  processes: string;
  idleMs: number[];
  /** By pid; one that is missing cannot be read. */
  cpuMs: Record<number, number>;
  threadCpuMs: Record<number, number>;
  pssBytes: Record<number, number>;
  ownCpuMs: number;
  /** How long reading the processes takes. */
  readingTakesMs: number;
  processEveryMs: number;
  processReadings: number;
}

export interface Stepped {
  readonly system: FakeSystem;
  readonly sampler: Sampler;
  /** All that was published since the last question, entities as they are and frames decoded. */
  readonly published: () => (
    SampleFrame | { readonly appeared: readonly EntityInfo[]; readonly goneKeys: readonly number[] }
  )[];
  /** Lets the sampler take its next tick, `lateMs` after its deadline, and waits until it has. */
  readonly tick: (lateMs?: number) => Promise<SampleFrame>;
}

function createReader(system: FakeSystem): SystemReader {
  const drawn = (): ReturnType<typeof drawSystem> => drawSystem(system.processes);
  return {
    get processEveryMs() {
      return system.processEveryMs;
    },
    readCoreIdleMs: () => Float64Array.from(system.idleMs),
    readProcesses: () => Promise.resolve(system.processes === '' ? [] : drawn().facts),
    describe: (pid) => drawn().describe(pid),
    readUse(pids) {
      system.processReadings += 1;
      system.nowMs += system.readingTakesMs;
      const known = pids.filter((pid) => system.cpuMs[pid] !== undefined);
      return Promise.resolve(
        new Map(known.map((pid) => [pid, { cpuMs: system.cpuMs[pid] ?? 0, rssBytes: pid * 1e6 }])),
      );
    },
    readThread(_pid, tid) {
      const cpuMs = system.threadCpuMs[tid];
      return cpuMs === undefined ? null : { cpuMs };
    },
    readPssBytes: (pid) => system.pssBytes[pid] ?? Number.NaN,
    readOwnUse: () => ({ cpuMs: system.ownCpuMs, rssBytes: 60e6 }),
  };
}

export function createSteppedSampler(everyMs = 100): Stepped {
  const system: FakeSystem = {
    nowMs: 1000,
    processes: '',
    idleMs: [0, 0],
    cpuMs: {},
    threadCpuMs: {},
    pssBytes: {},
    ownCpuMs: 0,
    readingTakesMs: 0,
    processEveryMs: 0,
    processReadings: 0,
  };
  let waiting: { readonly atMs: number; readonly go: () => void } | null = null;
  let onWaiting: () => void = () => undefined;
  const sampler = createSampler({
    clock: { originNs: 0n, startedUnixMs: 0, nowMs: () => system.nowMs, fromNs: (ns) => Number(ns) / 1e6 },
    everyMs,
    reader: createReader(system),
    waitUntil: (atMs, signal) =>
      new Promise((resolve) => {
        waiting = { atMs, go: resolve };
        signal.addEventListener('abort', () => {
          resolve();
        });
        onWaiting();
      }),
  });

  let messages: ReturnType<Stepped['published']> = [];
  sampler.subscribe((message) => {
    if (message.type === 'frame') messages.push(decodeFrame(message.buffer));
    if (message.type === 'entities') messages.push(message);
  });

  function untilWaiting(): Promise<void> {
    return waiting === null ? new Promise((resolve) => (onWaiting = resolve)) : Promise.resolve();
  }

  return {
    system,
    sampler,
    published() {
      const since = messages;
      messages = [];
      return since;
    },
    async tick(lateMs = 0) {
      await untilWaiting();
      const step = waiting;
      if (step === null) throw new Error('the sampler has stopped');
      waiting = null;
      system.nowMs = Math.max(system.nowMs, step.atMs) + lateMs;
      step.go();
      await untilWaiting();
      const last = messages.at(-1);
      if (last === undefined || !('sequence' in last)) throw new Error('the tick ended without a frame');
      return last;
    },
  };
}
