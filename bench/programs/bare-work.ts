import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { countLoopTask } from '../../src/engine/workloads/count-loop.ts';

/**
 * The same work as `count-loop`, by hand: `bare-work.js STRATEGY WORKERS TASKS N ROUNDS` prints its wall time in
 * milliseconds and the checksum of its results. Every worker sends all of its results at once, as one would write it.
 */

type Share = readonly number[];

function doShare([worker = 0, workers = 1, tasks = 1, n = 1, rounds = 1]: Share): string[] {
  const results: string[] = [];
  for (let task = worker; task < tasks; task += workers) results.push(countLoopTask({ n, rounds }));
  return results;
}

function runThread(share: Share): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let results: unknown = null;
    const worker = new Worker(import.meta.filename, { workerData: share });
    worker.once('message', (message: unknown) => (results = message));
    worker.once('error', reject);
    worker.once('exit', () => resolve(results));
  });
}

function runProcess(share: Share): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let results: unknown = null;
    const child = fork(import.meta.filename, ['share', ...share.map(String)]);
    child.once('message', (message) => (results = message));
    child.once('error', reject);
    child.once('close', () => resolve(results));
  });
}

async function main([strategy = '', ...figures]: readonly string[]): Promise<void> {
  const [workers = 1, tasks = 1, n = 1, rounds = 1] = figures.map(Number);
  const began = process.hrtime.bigint();
  let shares: unknown[];
  if (strategy === 'serial') {
    shares = [doShare([0, 1, tasks, n, rounds])];
  } else {
    const run = strategy === 'threads' ? runThread : runProcess;
    shares = await Promise.all(
      Array.from({ length: workers }, (_, worker) => run([worker, workers, tasks, n, rounds])),
    );
  }
  const wallMs = Number(process.hrtime.bigint() - began) / 1e6;
  const results = Array.from({ length: tasks }, (_, task) => {
    const share = shares[task % shares.length];
    return Array.isArray(share) ? String(share[Math.floor(task / shares.length)]) : '';
  });
  console.log(wallMs, createHash('sha256').update(results.join('\n')).digest('hex').slice(0, 16));
}

if (!isMainThread) {
  const share: unknown = workerData;
  parentPort?.postMessage(doShare(Array.isArray(share) ? share.map(Number) : []));
} else if (process.argv[2] === 'share') {
  process.send?.(doShare(process.argv.slice(3).map(Number)), undefined, undefined, () =>
    process.disconnect(),
  );
} else {
  await main(process.argv.slice(2));
}
