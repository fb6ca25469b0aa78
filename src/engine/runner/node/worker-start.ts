import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRecord, readPlan, type RunPlan } from '../protocol.ts';
import { makeRunFolder } from './run-folder.ts';

/** All that a worker needs to begin. */
export interface WorkerStart {
  readonly plan: RunPlan;
  readonly index: number;
  /** What the workload's `prepare` gave out. */
  readonly shared: unknown;
  /** Path of the run's temporary folder, which need not exist. */
  readonly folder: string;
}

/** Windows allows 32 767 characters for all arguments, Linux 131 072 for one. */
const mostArgumentCharacters = 16_000;

/**
 * As an argument of a worker process: that costs no round trip. What is too long for one goes through a file of
 * the run's folder.
 */
export function packStart(start: WorkerStart): string {
  const text = JSON.stringify(start);
  if (text.length <= mostArgumentCharacters) return text;
  const file = path.join(makeRunFolder(start.folder), `start-${start.index}.json`);
  writeFileSync(file, text);
  return `@${file}`;
}

/** Throws where it was not packed by `packStart`. */
export function unpackStart(argument: string | undefined): WorkerStart {
  if (argument === undefined) throw new Error('a worker is started by run-host.js only');
  const text = argument.startsWith('@') ? readFileSync(argument.slice(1), 'utf8') : argument;
  const start: unknown = JSON.parse(text);
  if (!isRecord(start) || typeof start['index'] !== 'number' || typeof start['folder'] !== 'string') {
    throw new Error('the start of a worker is damaged');
  }
  return {
    plan: readPlan(JSON.stringify(start['plan'])),
    index: start['index'],
    shared: start['shared'],
    folder: start['folder'],
  };
}

/** In a thread's `workerData` it comes as it is, made by this same program. */
export function isWorkerStart(value: unknown): value is WorkerStart {
  return (
    isRecord(value) &&
    isRecord(value['plan']) &&
    typeof value['index'] === 'number' &&
    typeof value['folder'] === 'string'
  );
}
