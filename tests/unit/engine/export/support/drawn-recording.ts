import { join } from 'node:path';
import { openRecording, type Recording } from '../../../../../src/engine/recording/open-recording.ts';
import { createExportSource, type ExportSource } from '../../../../../src/engine/export/recording-export.ts';
import type { ExperimentEvent } from '../../../../../src/shared/experiment-event.ts';
import { createFrame, writeHeader } from '../../../../../src/shared/frame-codec.ts';
import type { Marker } from '../../../../../src/shared/recording.ts';
import type { EntityInfo } from '../../../../../src/shared/sample.ts';
import { startRecorder, temporaryFolder, valueOf } from '../../recording/support/made-recording.ts';

/** One sample of a drawn recording: loads by core, and CPU and memory of process 1 and of its thread 2. */
export interface DrawnSample {
  readonly atMs: number;
  readonly cores: readonly number[];
  readonly cpu: number;
  readonly rss: number;
}

export interface Drawing {
  readonly samples: readonly DrawnSample[];
  readonly events?: readonly ExperimentEvent[];
  readonly markers?: readonly (readonly [atMs: number, marker: Marker])[];
  readonly processName?: string;
}

export const rootProcess: EntityInfo = {
  key: 1,
  kind: 'process',
  pid: 4711,
  tid: null,
  parentKey: null,
  rootPid: 4711,
  owner: 'run',
  name: 'python3',
  commandLine: 'python3 work.py',
  user: 'me',
  startedUnixMs: 1_760_000_000_000,
};

export const workerThread: EntityInfo = {
  ...rootProcess,
  key: 2,
  kind: 'thread',
  tid: 4712,
  parentKey: 1,
  name: 'worker 1',
};

/** The frame's message, with what is not drawn unknown. */
export function drawFrame({ atMs, cores, cpu, rss }: DrawnSample, sequence: number): ArrayBuffer {
  const { buffer, columns } = createFrame({ cores: cores.length, rows: 2, details: 0 });
  columns.coreBusy.set(cores);
  columns.keys.set([1, 2]);
  columns.cpuShare.set([cpu, cpu / 2]);
  columns.totalCpuShare.set([cpu, cpu / 2]);
  columns.waitShare.set([0.25, 0.25]);
  columns.rssBytes.set([rss, Number.NaN]);
  columns.totalRssBytes.set([rss, Number.NaN]);
  columns.pssBytes.set([rss / 2, Number.NaN]);
  columns.totalPssBytes.set([rss / 2, Number.NaN]);
  writeHeader(buffer, {
    sequence,
    atMs,
    latenessMs: 0.5,
    missedTicks: 0,
    droppedFrames: 0,
    requestedEveryMs: 100,
    everyMs: 100,
    coreWindowMs: 100,
    coreErrorShare: 0.01,
    throttledShare: Number.NaN,
    ownCpuShare: 0.02,
    ownRssBytes: 5e7,
  });
  return buffer;
}

/** Writes a drawing as a real recording and opens it. */
export function drawRecording(
  drawing: Drawing,
  path = join(temporaryFolder(), 'drawn.corescope'),
): Recording {
  const { recorder, clock } = startRecorder(path);
  const name = drawing.processName ?? rootProcess.name;
  recorder.receive({
    type: 'entities',
    appeared: [{ ...rootProcess, name }, workerThread],
    goneKeys: [],
  });
  for (const [index, sample] of drawing.samples.entries()) {
    clock.atMs = sample.atMs;
    recorder.receive({ type: 'frame', buffer: drawFrame(sample, index + 1) });
  }
  for (const event of drawing.events ?? []) recorder.addEvent(event);
  for (const [atMs, marker] of drawing.markers ?? []) recorder.addMarker(marker, { atMs });
  valueOf(recorder.close());
  return valueOf(openRecording(path));
}

const run = { order: 1, block: 1, warmUp: false, strategy: 'threads', workers: 2 } as const;

/** A run of 300 ms whose two workers do two tasks each; the tasks of worker 2 overlap. */
export const drawnRun: readonly ExperimentEvent[] = [
  { type: 'run-started', run, hostPid: 4711, atMs: 100 },
  { type: 'work-started', order: 1, atMs: 110 },
  {
    type: 'worker-ready',
    order: 1,
    worker: { index: 1, name: 'worker 1', pid: 4711, tid: 4712, kind: 'thread' },
    atMs: 120,
  },
  { type: 'task-started', order: 1, task: 0, worker: 1, atMs: 130 },
  { type: 'task-started', order: 1, task: 1, worker: 2, atMs: 130 },
  { type: 'task-started', order: 1, task: 2, worker: 2, atMs: 140 },
  { type: 'task-finished', order: 1, task: 0, worker: 1, atMs: 200 },
  { type: 'task-started', order: 1, task: 3, worker: 1, atMs: 200 },
  { type: 'task-finished', order: 1, task: 1, worker: 2, atMs: 250 },
  { type: 'task-finished', order: 1, task: 2, worker: 2, atMs: 300 },
  { type: 'task-finished', order: 1, task: 3, worker: 1, atMs: 320 },
  { type: 'work-finished', order: 1, phases: { startupMs: 20, workMs: 190, tearDownMs: 10 }, atMs: 330 },
  {
    type: 'run-ended',
    run,
    record: { order: 1, block: 1, warmUp: false, state: 'cancelled' },
    completedRuns: 1,
    totalRuns: 1,
    remainingMs: null,
    atMs: 400,
  },
];

/** Five samples, the run above, and a marker. */
export const drawnSession: Drawing = {
  samples: [
    { atMs: 0, cores: [Number.NaN, Number.NaN], cpu: Number.NaN, rss: 1e6 },
    { atMs: 100, cores: [0.5, 0], cpu: 0.5, rss: 2e6 },
    { atMs: 200, cores: [1, 0.25], cpu: 1, rss: 4e6 },
    { atMs: 300, cores: [1, 1], cpu: 2, rss: 4e6 },
    { atMs: 400, cores: [0.5, 0], cpu: 0.5, rss: 3e6 },
  ],
  events: drawnRun,
  markers: [[150, { kind: 'marker', name: 'loaded', values: { rows: '1000' } }]],
};

export function drawnSource(drawing: Drawing = drawnSession): ExportSource {
  return createExportSource(drawRecording(drawing));
}

export function textOf(chunks: Iterable<string | Uint8Array>): string {
  return bytesOf(chunks).toString('utf8');
}

export function bytesOf(chunks: Iterable<string | Uint8Array>): Buffer {
  return Buffer.concat(Array.from(chunks, (chunk) => Buffer.from(chunk)));
}
