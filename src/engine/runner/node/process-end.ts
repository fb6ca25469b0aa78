import type { WorkerMessage } from './messages.ts';

/** For worker processes: sends to the host, which is their parent. */
export function sendToHost(message: WorkerMessage): void {
  process.send?.(message);
}

/** The last message of a worker process; with the channel closed nothing keeps the process alive. */
export function sayLast(message: WorkerMessage): void {
  process.send?.(message, undefined, undefined, () => process.disconnect());
}

/** What this process has used in its whole life. Its exit, 1 to 3 ms, is not in it. */
export function sayDone(worker: number): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  sayLast({
    type: 'done',
    worker,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    maxRssBytes: maxRSS * 1_024,
  });
}
