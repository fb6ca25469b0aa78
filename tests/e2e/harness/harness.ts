import type { RunRecord, StrategyResult } from '../../../src/shared/experiment.ts';
import { encodeFrame } from '../../../src/shared/frame-codec.ts';
import { drawnEntity, drawnFrame } from '../../support/drawn-frame.ts';
import { drawnCore, drawnTopology } from '../../support/drawn-topology.ts';
import { coreRows } from '../../../src/renderer/charts/core-rows.ts';
import { createResultChart } from '../../../src/renderer/charts/result-chart.ts';
import type { RunBand } from '../../../src/renderer/charts/run-bands.ts';
import { createTimeline } from '../../../src/renderer/charts/timeline.ts';
import {
  connectSamples,
  laneIds,
  type ThemeName,
  type WorkerMessage,
} from '../../../src/renderer/drawing/protocol.ts';

/**
 * Development only: the timeline and the result chart on synthetic samples, under the app's CSP.
 * `?cores=8&theme=dark&seconds=75&hz=10&live=1`: that many seconds of history at once, then live.
 */
const query = new URLSearchParams(location.search);
const cores = Number(query.get('cores') ?? 2);
const theme: ThemeName = query.get('theme') === 'light' ? 'light' : 'dark';
const historyMs = Number(query.get('seconds') ?? 75) * 1000;
const everyMs = 1000 / Number(query.get('hz') ?? 10);
const isLive = query.get('live') !== '0';
document.documentElement.dataset['theme'] = theme;

const cycle = [
  { strategy: 'serial', busyCores: 1, lastsMs: 6_200 },
  { strategy: 'threads', busyCores: 1.05, lastsMs: 6_400 },
  { strategy: 'processes', busyCores: 2, lastsMs: 3_300 },
] as const;
const pauseMs = 350;
const cycleMs = cycle.reduce((total, { lastsMs }) => total + lastsMs + pauseMs, 0);

interface Moment {
  readonly band: RunBand;
  readonly busyCores: number;
}

/** Which run is on at a time; null in the pauses between. */
function momentAt(atMs: number): Moment | null {
  const round = Math.floor(atMs / cycleMs);
  let startMs = round * cycleMs;
  for (const { strategy, busyCores, lastsMs } of cycle) {
    if (atMs < startMs) return null;
    const endMs = startMs + lastsMs;
    const label = strategy === 'serial' ? 'serial' : `${strategy} × 2`;
    if (atMs < endMs) return { band: { label, strategy, startMs, endMs, warmUp: round === 0 }, busyCores };
    startMs = endMs + pauseMs;
  }
  return null;
}

function coreBusyAt(atMs: number): Float64Array {
  const busyCores = momentAt(atMs)?.busyCores ?? 0;
  const busiest = Math.floor(atMs / 1700);
  return Float64Array.from({ length: cores }, (_, core) => {
    const noise = Math.abs(Math.sin(core * 12.9898 + atMs * 0.078)) * 0.1;
    if (core === 1 && atMs > 30_000 && atMs < 33_000) return Number.NaN;
    const turn = (core + busiest) % Math.max(2, Math.min(cores, 4));
    return Math.min(1, noise + Math.max(0, Math.min(1, busyCores - turn)) * 0.94);
  });
}

/** The run's root: its memory and its use of the cores. */
const runKey = 1;

function memoryAt(atMs: number): { readonly pssBytes: number; readonly rssBytes: number } {
  const moment = momentAt(atMs);
  if (moment === null) return { pssBytes: Number.NaN, rssBytes: Number.NaN };
  const grown = Math.min(1, (atMs - moment.band.startMs) / 900);
  const most = new Map<string, number>([
    ['serial', 42e6],
    ['threads', 58e6],
    ['processes', 97e6],
  ]).get(moment.band.strategy);
  if (most === undefined) throw new Error(`the harness has no memory for ${moment.band.strategy}`);
  return { pssBytes: most * grown * 0.7, rssBytes: most * grown };
}

let sequence = 0;
function frameAt(atMs: number): ArrayBuffer {
  sequence += 1;
  const moment = momentAt(atMs);
  const { pssBytes, rssBytes } = memoryAt(atMs);
  return encodeFrame(
    drawnFrame({
      sequence,
      atMs,
      latenessMs: 0.4,
      requestedEveryMs: everyMs,
      everyMs,
      coreWindowMs: everyMs,
      ownCpuShare: 0.02,
      ownRssBytes: 60e6,
      coreBusy: coreBusyAt(atMs),
      ...(moment === null
        ? {}
        : {
            keys: Float64Array.of(runKey),
            cpuShare: Float64Array.of(moment.busyCores * 0.94),
            waitShare: Float64Array.of(Math.abs(Math.sin(atMs / 900)) * 0.6),
            pssBytes: Float64Array.of(pssBytes),
            rssBytes: Float64Array.of(rssBytes),
          }),
    }),
  );
}

const isHole = (atMs: number): boolean => atMs > 47_000 && atMs < 50_500;
const host = document.querySelector<HTMLElement>('#timeline');
const resultHost = document.querySelector<HTMLElement>('#result');
if (host === null || resultHost === null) throw new Error('the harness page lacks an element');

const worker = new Worker(new URL('../../../src/renderer/drawing/worker.ts', import.meta.url), {
  type: 'module',
});
/** `two-sockets`: siblings numbered apart, as servers do. `hybrid`: the last half are efficiency cores. */
function drawnMachine(kind: string | null) {
  if (kind === null) return null;
  const indices = Array.from({ length: cores }, (_, index) => index);
  const drawn =
    kind === 'hybrid'
      ? indices.map((index) => {
          const isFast = index < cores / 2;
          const physicalCore = isFast ? Math.floor(index / 2) : index;
          return drawnCore({ index, kind: isFast ? 'performance' : 'efficiency', physicalCore });
        })
      : indices.map((index) => {
          const physicalCore = index % (cores / 2);
          const socket = Math.floor(physicalCore / (cores / 4));
          return drawnCore({ index, socket, numaNode: socket, physicalCore, usable: socket === 0 });
        });
  return drawnTopology(drawn);
}

const rows = coreRows(drawnMachine(query.get('machine')), cores);
const timeline = createTimeline({ host, worker, theme, rows, lanes: laneIds });
const { port1, port2 } = new MessageChannel();
connectSamples(worker, port2);
port1.postMessage({ type: 'entities', appeared: [drawnEntity({ key: runKey, pid: 100 })], goneKeys: [] });

let acknowledged = 0;
port1.onmessage = () => {
  acknowledged += 1;
};
let forwarded = 0;
worker.addEventListener('message', (event: MessageEvent<WorkerMessage>) => {
  if (event.data.type === 'frames') forwarded += event.data.buffers.length;
});

let bands: readonly RunBand[] = [];
let nextBandsMs = 0;
function advance(atMs: number): void {
  if (!isHole(atMs)) {
    const buffer = frameAt(atMs);
    port1.postMessage({ type: 'frame', buffer }, [buffer]);
  }
  const band = momentAt(atMs)?.band;
  if (band !== undefined && bands.at(-1)?.startMs !== band.startMs) {
    bands = [...bands, { ...band, endMs: null }];
  }
  bands = bands.map((known) => {
    const endMs = momentAt(known.startMs + 1)?.band.endMs ?? null;
    return endMs !== null && endMs <= atMs ? { ...known, endMs } : known;
  });
  if (atMs >= nextBandsMs) {
    nextBandsMs = atMs + 250;
    timeline.setRunBands(bands);
  }
}
for (let atMs = everyMs; atMs < historyMs; atMs += everyMs) advance(atMs);
const startedAt = performance.now();
let tick = 0;
if (isLive) {
  setInterval(() => {
    tick += 1;
    advance(historyMs + tick * everyMs);
  }, everyMs);
}

function finishedRun(order: number, block: number, wallMs: number): RunRecord {
  return {
    order,
    block,
    warmUp: false,
    state: 'finished',
    wallMs,
    startupMs: 12,
    cpuSeconds: 1,
    effectiveCores: 1,
    peakRssBytes: null,
    peakPssBytes: null,
    checksum: 'x',
    workMs: null,
    tearDownMs: null,
    lostTasks: 0,
    metrics: [],
    notes: [],
    usage: null,
    disturbances: [],
  };
}
function strategyResult(
  strategy: StrategyResult['strategy'],
  workers: number,
  walls: readonly number[],
): StrategyResult {
  const sorted = [...walls].sort((one, other) => one - other);
  const [low = 0, high = 0] = [sorted[0], sorted.at(-1)];
  return {
    strategy,
    workers,
    wallMs:
      sorted.length === 0
        ? null
        : { median: sorted[Math.floor(sorted.length / 2)] ?? 0, ci95: [low * 1.01, high * 0.995] },
    speedup: null,
    effectiveCores: 1,
    startupMs: 10,
    peakRssBytes: null,
    peakPssBytes: null,
    cpuSeconds: 1,
    checksum: 'x',
    analysis: null,
    runs: walls.map((wallMs, index) => finishedRun(index * 3 + 1, index + 1, wallMs)),
  };
}
const result = createResultChart(resultHost, theme);
result.setResults([
  strategyResult('serial', 1, [826, 838, 841, 829, 861]),
  strategyResult('threads', 2, [851, 839, 846, 877, 842]),
  query.get('failed') === '1'
    ? strategyResult('processes', 2, [])
    : strategyResult('processes', 2, [452, 447, 461, 449, 490]),
]);

Object.assign(window, {
  harness: {
    timeline,
    result,
    counts: () => ({ sequence, acknowledged, forwarded, elapsedMs: performance.now() - startedAt }),
    setTheme(name: ThemeName) {
      document.documentElement.dataset['theme'] = name;
      timeline.setTheme(name, 'inferno');
      result.setTheme(name);
    },
  },
});
