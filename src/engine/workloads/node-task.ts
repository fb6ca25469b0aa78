import { type WorkloadParams } from '../../shared/workload.ts';

/**
 * One piece of work in Node. The result goes into the checksum, so it must be the same text in every runtime
 * and however often the task is run.
 */
export type NodeTask = (params: WorkloadParams, taskIndex: number) => string | Promise<string>;

/** A parameter that `validateParams` has put there; throws where it is missing. */
export function readParameter(params: WorkloadParams, name: string): number {
  const value = params[name];
  if (value === undefined) throw new Error(`parameter "${name}" is missing`);
  return value;
}
