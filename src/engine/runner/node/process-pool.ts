import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { createChildWorkers, describeEnd, endChildren, heapLimit } from './child-workers.ts';
import { WorkerFailure } from './failure.ts';
import type { HostMessage, WorkerMessage } from './messages.ts';
import type { Strategy, StrategyInput } from './strategy.ts';
import { createTaskQueue, type TaskQueue } from './task-queue.ts';
import { packStart } from './worker-start.ts';

/**
 * Forked workers that take one task after the other out of one queue: each is handed its next task when it has
 * returned the last. The queue discipline is that of the thread pool's library (tinypool), a dead worker's
 * replacement included; its own child processes are not used, for they take every message over two channels.
 */
export const strategy: Strategy = {
  channel: 'json',
  prepare: (input) => {
    const children = createChildWorkers(input.collector);
    return Promise.resolve(async () => {
      try {
        await runPool(input, children);
      } catch (error) {
        await children.endAll();
        throw error;
      }
    });
  },
};

async function runPool(input: StrategyInput, children: ReturnType<typeof createChildWorkers>): Promise<void> {
  const { plan, programs, collector, startOf, heapLimitMegabytes, endable } = input;
  const queue = createTaskQueue(plan.tasks);
  const file = path.join(programs, 'run-pool-process.cjs');
  const idle: ChildProcess[] = [];
  let unfinished = plan.tasks;
  let forked = 0;

  /** Nobody is sent away before the last task is finished: as long as the pool lives, its workers do. */
  function settle(): void {
    unfinished -= 1;
    if (unfinished > 0) return;
    for (const child of idle) tell(child, { type: 'end' });
  }

  function handOut(child: ChildProcess, from: TaskQueue): number | null {
    const task = from.take();
    if (task !== null) tell(child, { type: 'task', task });
    else if (unfinished === 0) tell(child, { type: 'end' });
    else idle.push(child);
    return task;
  }

  async function runWorker(): Promise<void> {
    const index = forked;
    forked += 1;
    const child = fork(file, [packStart(startOf(index))], heapLimit(heapLimitMegabytes));
    endable(index, () => endChildren([child]));
    let current: number | null = null;

    function onMessage(message: WorkerMessage): void {
      if (message.type === 'pooled-task-failed' && plan.onWorkerFailure === 'observe') {
        console.error(`task ${message.task} failed: ${message.message}`);
        collector.taskFailed(index, `task ${message.task} failed: ${message.message}`);
      } else {
        collector.accept(message);
      }
      if (message.type !== 'pooled-task' && message.type !== 'pooled-task-failed') return;
      settle();
      current = handOut(child, queue);
    }
    const ended = children.follow(child, index, onMessage);
    // Not only when it is ready: the task waits in the channel, as it does in the library's.
    current = handOut(child, queue);
    const end = await ended;
    if (end.done !== null) return;
    if (plan.onWorkerFailure === 'stop') {
      const during = current === null ? '' : ` in the middle of task ${current}`;
      throw new WorkerFailure(
        index,
        `worker ${index + 1} (pid ${end.pid}) ended with ${describeEnd(end)}${during}`,
      );
    }
    if (idle.includes(child)) idle.splice(idle.indexOf(child), 1);
    if (current !== null) settle();
    if (unfinished > 0) await runWorker();
  }

  await Promise.all(Array.from({ length: plan.workers }, runWorker));
}

/** A worker that has just died no longer listens; that it has died comes as an event of its own. */
function tell(child: ChildProcess, message: HostMessage): void {
  if (child.connected) child.send(message, () => undefined);
}
