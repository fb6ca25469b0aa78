/** The tasks that nobody has taken yet, from 0 up. */
export interface TaskQueue {
  /** Null where there is none left. */
  take(): number | null;
}

export function createTaskQueue(tasks: number): TaskQueue {
  let next = 0;
  return {
    take() {
      if (next >= tasks) return null;
      next += 1;
      return next - 1;
    },
  };
}

/** Does all tasks of the queue, at most `lanes` at a time; rejects with the first failure. */
export async function drain(
  queue: TaskQueue,
  lanes: number,
  doTask: (task: number) => Promise<void>,
): Promise<void> {
  async function runLane(): Promise<void> {
    for (let task = queue.take(); task !== null; task = queue.take()) await doTask(task);
  }
  await Promise.all(Array.from({ length: lanes }, runLane));
}
