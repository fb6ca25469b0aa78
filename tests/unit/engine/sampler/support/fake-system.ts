import { decodeFrame } from '../../../../../src/shared/frame-codec.ts';
import type { EntityInfo, SampleFrame } from '../../../../../src/shared/sample.ts';
import { createSampler, type Sampler } from '../../../../../src/engine/sampler/index.ts';
import { coreTime, coreTimeKinds } from '../../../../../src/engine/sampler/core-times.ts';
import { chooseUsableCores } from '../../../../../src/engine/sampler/usable-cores.ts';
import type { CoreTopology } from '../../../../../src/shared/topology.ts';
import type { SystemReader } from '../../../../../src/engine/sampler/system-reader.ts';
import { drawSystem } from './tree-drawing.ts';

/** A machine that stands still until the test moves it. */
export interface FakeSystem {
  nowMs: number;
  /** See `drawSystem`. */
  processes: string;
  idleMs: number[];
  /** Time that the work was held back for a quota of half a core; NaN: there is none. */
  heldBackMs: number;
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

function drawTopology(coreCount: number, quotaCores: number | null): CoreTopology {
  return {
    cores: [],
    usable: chooseUsableCores({ onlineCores: coreCount, affinityCores: null, cpusetCores: null, quotaCores }),
    kernelTickMs: 4,
  };
}

function createReader(system: FakeSystem): SystemReader {
  const drawn = (): ReturnType<typeof drawSystem> => drawSystem(system.processes);
  let topologyKey = '';
  let topology = drawTopology(0, null);
  return {
    get processEveryMs() {
      return system.processEveryMs;
    },
    readCoreTimes() {
      const times = new Float64Array(system.idleMs.length * coreTimeKinds).fill(Number.NaN);
      system.idleMs.forEach((idleMs, core) => (times[core * coreTimeKinds + coreTime.idle] = idleMs));
      return times;
    },
    readCoreMhz: (coreMhz) => void coreMhz.fill(2450),
    readTopology(targetPid) {
      const quotaCores = Number.isNaN(system.heldBackMs) ? null : 0.5;
      const coreCount = system.idleMs.length;
      const key = [targetPid, quotaCores, coreCount].join(' ');
      if (key !== topologyKey) topology = drawTopology(coreCount, quotaCores);
      topologyKey = key;
      return topology;
    },
    readHeldBackMs: () => system.heldBackMs,
    capabilities: () => [],
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
    heldBackMs: Number.NaN,
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
