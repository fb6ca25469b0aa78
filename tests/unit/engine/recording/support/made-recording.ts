import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import {
  createSyntheticStream,
  type SyntheticStream,
} from '../../../../../bench/recording/synthetic-stream.ts';
import {
  createRecorder,
  type Recorder,
  type RecorderOptions,
} from '../../../../../src/engine/recording/recorder.ts';
import { decodeFrame } from '../../../../../src/shared/frame-codec.ts';
import type { Result } from '../../../../../src/shared/result.ts';
import type { SampleFrame } from '../../../../../src/shared/sample.ts';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'corescope-recording-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.problem.kind}: ${result.problem.message}`);
  return result.value;
}

export function problemOf(result: Result<unknown>): string {
  return result.ok ? 'no problem' : result.problem.kind;
}

export interface StartedRecorder {
  readonly recorder: Recorder;
  readonly clock: { atMs: number; nowMs: () => number };
  stream: SyntheticStream | null;
  tick: number;
}

/** A recorder whose clock is moved by hand and whose timer never ticks. */
export function startRecorder(path: string, options: Partial<RecorderOptions> = {}): StartedRecorder {
  const clock = { atMs: 0, nowMs: () => clock.atMs };
  const recorder = valueOf(
    createRecorder({
      path,
      facts: {
        corescopeVersion: '0.0.0-test',
        title: 'a test',
        startedUnixMs: 1_760_000_000_000,
        requestedEveryMs: 100,
      },
      clock,
      startTimer: () => () => undefined,
      ...options,
    }),
  );
  return { recorder, clock, stream: null, tick: 0 };
}

export interface StreamSize {
  readonly cores?: number;
  readonly processes?: number;
  readonly ticks: number;
  readonly seed?: number;
}

/** Plays a synthetic stream into a recorder, from where the last call ended, and gives the frames that it got. */
export function playInto(
  started: StartedRecorder,
  { cores = 4, processes = 6, ticks, seed = 1 }: StreamSize,
): SampleFrame[] {
  started.stream ??= createSyntheticStream({ seed, cores, processes, everyMs: 100 });
  const frames: SampleFrame[] = [];
  for (const end = started.tick + ticks; started.tick < end; started.tick += 1) {
    started.clock.atMs = started.tick * 100;
    for (const message of started.stream.next()) {
      started.recorder.receive(message);
      if (message.type === 'frame') frames.push(decodeFrame(message.buffer));
    }
  }
  return frames;
}

/** Writes a whole recording. */
export function makeRecording(path: string, size: StreamSize): SampleFrame[] {
  const started = startRecorder(path);
  const frames = playInto(started, size);
  valueOf(started.recorder.close());
  return frames;
}

/** A frame as it is after its columns were rounded as the format has it. */
export function asRecorded(frame: SampleFrame): unknown {
  const shares = 5;
  const times = 3;
  const round = (values: Float64Array, decimals: number): number[] =>
    Array.from(values, (value) => Math.round(value * 10 ** decimals) / 10 ** decimals);
  return {
    ...frame,
    ownCpuShare: Math.round(frame.ownCpuShare * 1e5) / 1e5,
    coreBusy: round(frame.coreBusy, shares),
    coreUser: round(frame.coreUser, shares),
    coreSystem: round(frame.coreSystem, shares),
    coreIowait: round(frame.coreIowait, shares),
    coreIrq: round(frame.coreIrq, shares),
    coreSteal: round(frame.coreSteal, shares),
    coreMhz: round(frame.coreMhz, 3),
    keys: Array.from(frame.keys),
    cpuShare: round(frame.cpuShare, shares),
    totalCpuShare: round(frame.totalCpuShare, shares),
    cpuMs: round(frame.cpuMs, times),
    totalCpuMs: round(frame.totalCpuMs, times),
    waitShare: round(frame.waitShare, shares),
    ...plain(frame, [
      'rssBytes',
      'totalRssBytes',
      'pssBytes',
      'totalPssBytes',
      'lastCore',
      'detailKeys',
      'state',
      'userMs',
      'systemMs',
      'waitedForMs',
      'ussBytes',
      'swapBytes',
      'peakRssBytes',
      'threadCount',
      'voluntarySwitches',
      'involuntarySwitches',
      'minorFaults',
      'majorFaults',
      'readBytes',
      'writtenBytes',
      'openFiles',
      'migrations',
    ]),
  };
}

/** The same frame with its columns as plain lists. */
export function asLists(frame: SampleFrame): unknown {
  return Object.fromEntries(
    Object.entries(frame).map(([name, value]) => [
      name,
      value instanceof Float64Array ? Array.from(value) : (value as number),
    ]),
  );
}

type ColumnOf = { [Name in keyof SampleFrame]: SampleFrame[Name] extends Float64Array ? Name : never };

function plain(frame: SampleFrame, names: readonly ColumnOf[keyof ColumnOf][]): Record<string, number[]> {
  return Object.fromEntries(names.map((name) => [name, Array.from(frame[name])]));
}
