import { closeSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';

/** How long one task has been on a CPU, counted by the scheduler's switches and read from outside, at any instant. */
export interface TaskClock {
  /** Milliseconds since it was opened. */
  readMs(): number;
  close(): void;
}

/** perf_event_open(2). Other architectures have other numbers. */
const callNumbers: Partial<Record<NodeJS.Architecture, number>> = { x64: 298, arm64: 241 };

/** `struct perf_event_attr` of PERF_ATTR_SIZE_VER5: a software event, PERF_COUNT_SW_TASK_CLOCK, counted and not sampled. */
function describeEvent(): Buffer {
  const attributes = Buffer.alloc(112);
  attributes.writeUInt32LE(1, 0);
  attributes.writeUInt32LE(attributes.length, 4);
  attributes.writeBigUInt64LE(1n, 8);
  return attributes;
}

/**
 * Null where the kernel or this user has no perf events. Unlike reading the task's CPU clock, reading this one brings
 * none of the kernel's counters up to date, so it flatters nobody who reads those; and unlike them it is right while
 * the task runs. Interrupts, and time that a hypervisor takes, count as the task's.
 */
export function openTaskClock(tid: number): TaskClock | null {
  const number = callNumbers[process.arch];
  if (process.platform !== 'linux' || number === undefined) return null;
  let descriptor: number;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
    const open: unknown = koffi
      .load(null)
      .func('long syscall(long number, void *attributes, int pid, int cpu, int group, unsigned long flags)');
    if (typeof open !== 'function') return null;
    descriptor = (open as (...words: unknown[]) => number)(number, describeEvent(), tid, -1, -1, 0);
  } catch {
    return null;
  }
  if (descriptor < 0) return null;
  const count = Buffer.alloc(8);
  return {
    readMs() {
      readSync(descriptor, count, 0, 8, null);
      return Number(count.readBigUInt64LE()) / 1e6;
    },
    close: () => closeSync(descriptor),
  };
}
