import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import sqlite from 'node-sqlite3-wasm';
import { createRecorder } from '../../src/engine/recording/recorder.ts';
import { decodeFrame } from '../../src/shared/frame-codec.ts';
import type { SampleFrame, SamplerMessage } from '../../src/shared/sample.ts';

/** Somebody who keeps a stream of sampler messages on disk. */
export interface StreamWriter {
  receive(message: SamplerMessage): void;
  close(): void;
}

export const writerNames = ['none', 'ours', 'ndjson', 'ndjson-deflated', 'sqlite'] as const;
export type WriterName = (typeof writerNames)[number];

export function createWriter(name: WriterName, path: string, everyMs: number): StreamWriter {
  switch (name) {
    case 'none':
      return {
        receive(message) {
          if (message.type === 'frame') decodeFrame(message.buffer);
        },
        close: () => undefined,
      };
    case 'ours':
      return ours(path, everyMs);
    case 'ndjson':
      return lines(path, (text) => Buffer.from(text, 'utf8'));
    case 'ndjson-deflated':
      return lines(path, (text) => deflateRawSync(text, { level: 1 }));
    case 'sqlite':
      return database(path);
  }
}

export function sizeOf(path: string): number {
  return statSync(path).size;
}

function ours(path: string, everyMs: number): StreamWriter {
  let nowMs = 0;
  let minute = -1;
  let isInside = false;
  const created = createRecorder({
    path,
    facts: { corescopeVersion: 'bench', title: 'bench', startedUnixMs: 0, requestedEveryMs: everyMs },
    clock: { nowMs: () => nowMs },
    startTimer: () => () => undefined,
    onProblem: ({ message }) => {
      throw new Error(message);
    },
  });
  if (!created.ok) throw new Error(created.problem.message);
  const recorder = created.value;
  return {
    receive(message) {
      if (message.type === 'frame') nowMs = decodeFrame(message.buffer).atMs;
      recorder.receive(message);
      // Phases as a program marks them: one of all the time, and the first ten seconds of each minute.
      if (minute === -1) recorder.addMarker({ kind: 'begin', name: 'everything', values: {} });
      if (Math.floor(nowMs / 60_000) > minute) {
        minute = Math.floor(nowMs / 60_000);
        recorder.addMarker({ kind: 'begin', name: `minute ${minute}`, values: {} });
        isInside = true;
      }
      if (isInside && nowMs - minute * 60_000 >= 10_000) {
        recorder.addMarker({ kind: 'end', name: `minute ${minute}`, values: {} });
        isInside = false;
      }
    },
    close: () => void recorder.close(),
  };
}

/** One line per message, a second of them at a time; a frame is an object of its columns. */
function lines(path: string, pack: (text: string) => Uint8Array): StreamWriter {
  const file = openSync(path, 'w');
  let waiting: string[] = [];
  const flush = (): void => {
    if (waiting.length > 0) writeSync(file, pack(waiting.join('')));
    waiting = [];
  };
  return {
    receive(message) {
      const value = message.type === 'frame' ? decodeFrame(message.buffer) : message;
      waiting.push(`${JSON.stringify(value, plainNumbers)}\n`);
      if (waiting.length >= 10) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}

/** As compact as JSON gets without a format of its own: lists, and shares without noise behind the fifth place. */
function plainNumbers(_: string, value: unknown): unknown {
  if (value instanceof Float64Array) return Array.from(value, (number) => Math.round(number * 1e5) / 1e5);
  return value;
}

const rowColumns = [
  'cpuShare',
  'totalCpuShare',
  'cpuMs',
  'totalCpuMs',
  'waitShare',
  'rssBytes',
  'totalRssBytes',
  'pssBytes',
  'totalPssBytes',
  'lastCore',
] as const;

/**
 * A table of cores and one of rows, a transaction a second: how one would do it without thinking of columns. The
 * slow columns of a frame (details) are left out, to its advantage.
 */
function database(path: string): StreamWriter {
  const db = new sqlite.Database(path);
  db.run('PRAGMA synchronous = OFF');
  db.run('PRAGMA journal_mode = MEMORY');
  db.run('CREATE TABLE cores (atMs REAL, core INTEGER, busy REAL, user REAL, system REAL)');
  db.run(
    `CREATE TABLE rows (atMs REAL, key INTEGER, ${rowColumns.map((name) => `${name} REAL`).join(', ')})`,
  );
  const cores = db.prepare('INSERT INTO cores VALUES (?, ?, ?, ?, ?)');
  const rows = db.prepare(`INSERT INTO rows VALUES (?, ?, ${rowColumns.map(() => '?').join(', ')})`);
  let waiting: SampleFrame[] = [];
  const known = (value: number | undefined): number | null =>
    value === undefined || Number.isNaN(value) ? null : value;
  const flush = (): void => {
    db.run('BEGIN');
    for (const frame of waiting) {
      frame.coreBusy.forEach((busy, core) =>
        cores.run([frame.atMs, core, busy, known(frame.coreUser[core]), known(frame.coreSystem[core])]),
      );
      frame.keys.forEach((key, row) =>
        rows.run([frame.atMs, key, ...rowColumns.map((name) => known(frame[name][row]))]),
      );
    }
    db.run('COMMIT');
    waiting = [];
  };
  return {
    receive(message) {
      if (message.type === 'frame') waiting.push(decodeFrame(message.buffer));
      if (waiting.length >= 10) flush();
    },
    close() {
      flush();
      cores.finalize();
      rows.finalize();
      db.close();
    },
  };
}
