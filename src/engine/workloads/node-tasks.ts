import { type NodeWorkload } from './node-task.ts';

/**
 * What a Node run host can run, by workload id. Each is loaded when it is asked for: a measured process holds the
 * code of its own work and of no other.
 */
export const nodeWorkloads: ReadonlyMap<string, () => Promise<NodeWorkload>> = new Map([
  ['count-loop', async () => (await import('./count-loop.ts')).countLoopWork],
  ['sleep', async () => (await import('./sleep.ts')).sleepWork],
]);
