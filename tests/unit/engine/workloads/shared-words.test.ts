import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQueueWords, putItem, takeItem } from '../../../../src/engine/workloads/pipeline-queue.ts';
import { acquire, createWords, release } from '../../../../src/engine/workloads/shared-words.ts';

describe('the lock on a shared word', () => {
  it('is had at once where nobody has it, and again after its release', () => {
    const words = createWords(1);
    expect(acquire(words, 0)).toBe(true);
    release(words, 0);
    expect(acquire(words, 0)).toBe(true);
  });

  it('is not had while another has it, and is had after that', () => {
    const words = createWords(1);
    acquire(words, 0);
    expect(acquire(words, 0, 5)).toBe(false);
    release(words, 0);
    expect(acquire(words, 0, 5)).toBe(true);
  });

  it('wakes a thread that waits for it', async () => {
    const words = createWords(1);
    acquire(words, 0);
    // Waits as the lock itself does: for a word that says "held, and somebody waits" (2).
    const waiter = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       while (Atomics.exchange(workerData, 0, 2) !== 0) Atomics.wait(workerData, 0, 2);
       parentPort.postMessage('mine');`,
      { eval: true, workerData: words },
    );
    while (Atomics.load(words, 0) !== 2) await new Promise((resolve) => setImmediate(resolve));
    const message = once(waiter, 'message');
    release(words, 0);
    expect(await message).toEqual(['mine']);
    await waiter.terminate();
  });
});

describe('the bounded queue', () => {
  it('gives back what was put, in order, and tells how many it held', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.oneof(fc.nat(1_000_000), fc.constant('take' as const)), { maxLength: 60 }),
        (capacity, steps) => {
          const words = createQueueWords(capacity);
          const model: number[] = [];
          for (const step of steps) {
            // Alone, one would wait for ever.
            if (step === 'take') {
              if (model.length > 0) expect(takeItem(words)).toBe(model.shift());
            } else if (model.length < capacity) {
              expect(putItem(words, step)).toBe(model.length);
              model.push(step);
            }
          }
          for (const item of model) expect(takeItem(words)).toBe(item);
        },
      ),
    );
  });
});
