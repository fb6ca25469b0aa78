/** Numbers of workers that are proposed, and the number of tasks that goes with them. */

/** More tasks only make runs longer: up to this many for each worker, so that they can be shared out evenly. */
const mostTasksPerWorker = 4;

/** 1, 2, 4 … usable cores. With one core, two workers are still the question; the answer is that they gain nothing. */
export function scalingWorkerCounts(usableCores: number): readonly number[] {
  const most = Math.max(2, usableCores);
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

/** The same and twice as many as there are cores, to see what too many do. */
export function probingWorkerCounts(usableCores: number): readonly number[] {
  return [...scalingWorkerCounts(usableCores), 2 * Math.max(2, usableCores)];
}

/** The least number of tasks that every number of workers divides; as many as the most where that were too many. */
export function evenTasks(workerCounts: readonly number[]): number {
  const most = Math.max(...workerCounts);
  for (let tasks = most; tasks <= mostTasksPerWorker * most; tasks += most) {
    if (workerCounts.every((count) => tasks % count === 0)) return tasks;
  }
  return most;
}
