/** The work on one item, at either end of a pipeline. */
export function countSteps(steps: number): number {
  let count = 0;
  for (let step = 0; step < steps; step += 1) count += 1;
  return count;
}
