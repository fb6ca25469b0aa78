import { closeSync, writeSync } from 'node:fs';
import type { NodeWorkload } from '../../../../../src/engine/workloads/node-task.ts';
import { startEscapes } from './node-escapes.ts';

/** Held where no optimiser can tell that nobody reads it. */
export let hoarded: Buffer | null = null;

/** Takes the place of the real tasks in a real host: `n` chooses what goes wrong in task 1. */
const misdeeds = new Map<number, () => void>([
  [
    1,
    () => {
      throw new TypeError('boom');
    },
  ],
  [2, () => process.exit(7)],
  [3, () => process.kill(process.pid, 'SIGSEGV')],
  [4, () => flood()],
  [5, () => writeSync(3, 'not an event\n')],
  [6, () => neverEnd()],
  [7, () => startEscapes()],
  [
    8,
    () => {
      startEscapes();
      neverEnd();
    },
  ],
  [
    9,
    () => {
      startEscapes();
      process.kill(process.pid, 'SIGKILL');
    },
  ],
  [10, () => closeSync(3)],
  [11, () => process.exit(0)],
  [
    12,
    () => {
      hoarded = Buffer.alloc(400_000_000, 'x');
      neverEnd();
    },
  ],
]);

function neverEnd(): never {
  for (;;);
}

const floodOfStreams = 13;

/** In one loop that gives nothing a turn, as what a program has to say when it never awaits. */
function floodThroughStream(): void {
  for (let i = 0; i < 600; i += 1) process.stdout.write(Buffer.alloc(1_000_000, `flood ${i}\n`));
}

function flood(): void {
  const megabyte = Buffer.alloc(1_000_000, 'flood\n');
  for (let i = 0; i < 64; i += 1) {
    for (let rest = megabyte; rest.length > 0;) rest = rest.subarray(writeSome(rest));
  }
}

/** A forked worker's stdout may be set to non-blocking by the host that it shares it with. */
function writeSome(bytes: Buffer): number {
  try {
    return writeSync(1, bytes);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    throw error;
  }
}

const misbehave: NodeWorkload = {
  run(params, { task, report }) {
    if (task === 1) misdeeds.get(Number(params['n']))?.();
    if (task === 1 && params['n'] === floodOfStreams) {
      floodThroughStream();
      report('peak memory', process.resourceUsage().maxRSS / 1_024, 'MiB');
    }
    return 'done';
  },
};

export const nodeWorkloads: ReadonlyMap<string, () => Promise<NodeWorkload>> = new Map([
  ['count-loop', () => Promise.resolve(misbehave)],
]);
