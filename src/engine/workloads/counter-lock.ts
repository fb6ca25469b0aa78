import type { WorkloadDescription } from '../../shared/workload.ts';
import { createTotal, incrementsParameter, readTotal, reportLoss } from './counter-race.ts';
import { type NodeWorkload, readParameter } from './node-task.ts';
import {
  acquire,
  createWords,
  noSharedInterpreters,
  noSharedMemory,
  readWords,
  release,
} from './shared-words.ts';

export const counterLock: WorkloadDescription = {
  id: 'counter-lock',
  title: 'Counter with a lock',
  summary:
    'All tasks add 1 to one shared counter, each time under a lock. No update is lost; the price is a figure.',
  kind: 'synchronisation',
  parameters: [{ ...incrementsParameter, defaults: { node: 4_000_000, python: 500_000 } }],
  expectedSignature: {
    node: 'Nothing is lost. An increment costs some 20 ns under a lock that nobody else wants, several times that under contention: more threads are slower than one.',
    python:
      'Nothing is lost. A lock of threads costs some 100 ns, one of processes (a semaphore of the system) several times as much: more workers are slower than one.',
  },
  unavailable: { node: noSharedMemory, python: noSharedInterpreters },
};

const lock = 0;

export const counterLockWork: NodeWorkload = {
  prepare({ params, tasks, report }) {
    const words = createWords(1);
    const counter = createTotal();
    const intended = tasks * readParameter(params, 'increments');
    return Promise.resolve({
      shared: { words, counter },
      finish() {
        reportLoss(intended, counter[0] ?? 0, report);
        return Promise.resolve();
      },
    });
  },
  run(params, { shared, report }) {
    const increments = readParameter(params, 'increments');
    const words = readWords(shared, 'words');
    const counter = readTotal(shared);
    const startMs = performance.now();
    for (let count = 0; count < increments; count += 1) {
      acquire(words, lock);
      counter[0] = (counter[0] ?? 0) + 1;
      release(words, lock);
    }
    report('cost per increment', ((performance.now() - startMs) * 1e6) / increments, 'ns');
    return String(increments);
  },
};
