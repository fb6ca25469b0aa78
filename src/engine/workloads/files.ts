import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { open, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter, type TaskContext } from './node-task.ts';
import { seededNumbers } from './seeded-numbers.ts';

export const files: WorkloadDescription = {
  id: 'files',
  title: 'Files',
  summary: 'Writes files, has them put on the disk (fsync), reads them back and hashes them.',
  kind: 'io',
  parameters: [
    {
      type: 'number',
      name: 'files',
      label: 'Files',
      unit: '',
      min: 1,
      max: 10_000,
      integer: true,
      defaults: { node: 40, python: 40 },
      help: 'How many files one task writes, one after the other; it removes each at once.',
    },
    {
      type: 'number',
      name: 'kilobytes',
      label: 'Size',
      unit: 'KiB',
      min: 1,
      max: 1_048_576,
      integer: true,
      defaults: { node: 256, python: 256 },
      help: 'The size of one file.',
    },
  ],
  expectedSignature: {
    node: 'Cores wait for the disk. Threads and processes take about 1/workers of the serial time as long as the disk keeps up; the event loop has four threads for files and gains as much as four workers.',
    python:
      'Cores wait for the disk; whoever waits gives up the interpreter lock, so threads gain as much as processes. asyncio hands files to a pool of threads and gains as much as that has of them.',
  },
};

const kib = 1_024;
/** Linux's number for a file system that is nothing but memory (statfs(2)). */
const tmpfsType = 0x0102_1994;

export const filesWork: NodeWorkload = {
  prepare({ folder, note }) {
    if (process.platform === 'linux' && statfsSync(folder).type === tmpfsType) {
      note(
        `The temporary folder ${path.dirname(folder)} is in memory (tmpfs): nothing waits for a disk. Set TMPDIR to a folder on one.`,
      );
    }
    return Promise.resolve({});
  },
  run: writeAndReadFiles,
};

/** Returns the SHA-256 of all that was read. */
export function writeAndReadFiles(
  params: WorkloadParams,
  context: Pick<TaskContext, 'seed' | 'task' | 'folder' | 'strategy'>,
): string | Promise<string> {
  const { seed, task, folder, strategy } = context;
  const numbers = seededNumbers(seed, task);
  const pattern = Uint8Array.from({ length: kib }, () => numbers.below(256));
  const content = Buffer.alloc(readParameter(params, 'kilobytes') * kib, pattern);
  const count = readParameter(params, 'files');
  const names = Array.from({ length: count }, (_, index) => path.join(folder, `file-${task}-${index}`));
  return strategy === 'async' ? doneAwaited(names, content) : doneAtOnce(names, content);
}

function doneAtOnce(names: readonly string[], content: Buffer): string {
  const sha256 = createHash('sha256');
  for (const name of names) {
    const file = openSync(name, 'wx');
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    sha256.update(readFileSync(name));
    unlinkSync(name);
  }
  return sha256.digest('hex');
}

/** The calls go to libuv's threads, four of them by default; hashing stays on the loop. */
async function doneAwaited(names: readonly string[], content: Buffer): Promise<string> {
  const sha256 = createHash('sha256');
  for (const name of names) {
    const file = await open(name, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    sha256.update(await readFile(name));
    await unlink(name);
  }
  return sha256.digest('hex');
}
