import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseSchedstatMs } from '../../src/engine/sampler/linux-proc.ts';
import { monotonicMs } from '../support/monotonic.ts';
import { openTaskClock } from './task-clock.ts';
import type { Checkpoint } from './truth.ts';

/** Where cgroup v1 counts nanoseconds per core for the whole machine; v2 has no such file. */
const usageFile =
  ['/sys/fs/cgroup/cpuacct/cpuacct.usage_percpu', '/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage_percpu'].find(
    (path) => existsSync(path),
  ) ?? null;

/** A reading that took longer was interrupted, and nobody knows which instant it stands for. Usual are 0.08 ms. */
const longestReadMs = 0.25;

/** Shorter follows the other tasks of the core more closely and disturbs more. */
const everyMs = 7;

export interface Recorder {
  stop(): Promise<readonly Checkpoint[]>;
}

function readCoreMs(core: number): number {
  if (usageFile === null) return Number.NaN;
  return Number(readFileSync(usageFile, 'latin1').trim().split(/\s+/)[core] ?? Number.NaN) / 1e6;
}

/** Reads the burner and its core until it is stopped. The burner must outlive it. */
export function startRecorder(burnerPid: number, core: number): Recorder {
  const path = `/proc/${burnerPid}/schedstat`;
  const taskClock = openTaskClock(burnerPid);
  const checkpoints: Checkpoint[] = [];
  let isStopping = false;

  async function run(): Promise<readonly Checkpoint[]> {
    while (!isStopping) {
      const startMs = monotonicMs();
      const clockMs = taskClock?.readMs() ?? Number.NaN;
      const clockEndMs = monotonicMs();
      const burnerMs = parseSchedstatMs(readFileSync(path, 'latin1'));
      const coreMs = readCoreMs(core);
      const againMs = parseSchedstatMs(readFileSync(path, 'latin1'));
      const endMs = monotonicMs();
      // A tick in between would bring one of the two up to date and not the other.
      const isConsistent = burnerMs === againMs && endMs - startMs <= longestReadMs;
      const atMs = (startMs + (Number.isNaN(clockMs) ? endMs : clockEndMs)) / 2;
      if (isConsistent) checkpoints.push({ atMs, burnerMs, coreMs, clockMs });
      await delay(everyMs);
    }
    taskClock?.close();
    return checkpoints;
  }

  const running = run();
  return {
    stop() {
      isStopping = true;
      return running;
    },
  };
}
