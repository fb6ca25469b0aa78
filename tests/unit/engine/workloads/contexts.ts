import type { TaskContext } from '../../../../src/engine/workloads/node-task.ts';

/** What a task is told that is the only one of its run, with `changes`. */
export function contextWith(changes: Partial<TaskContext> = {}): TaskContext {
  return {
    task: 0,
    tasks: 1,
    worker: 0,
    workers: 1,
    strategy: 'serial',
    seed: 7,
    shared: undefined,
    folder: '/nowhere',
    report: () => undefined,
    note: () => undefined,
    ...changes,
  };
}
