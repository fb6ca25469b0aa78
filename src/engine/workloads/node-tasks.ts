import { countLoopTask } from './count-loop.ts';
import { type NodeTask } from './node-task.ts';
import { sleepTask } from './sleep.ts';

/** What a Node run host can run, by workload id. Loads nothing but the tasks: it is part of what is measured. */
export const nodeTasks: ReadonlyMap<string, NodeTask> = new Map<string, NodeTask>([
  ['count-loop', countLoopTask],
  ['sleep', sleepTask],
]);
