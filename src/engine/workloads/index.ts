import { fail, type Result, succeed } from '../../shared/result.ts';
import {
  type ParameterDescription,
  type Runtime,
  type WorkloadDescription,
  type WorkloadParams,
} from '../../shared/workload.ts';
import { checkCountLoop, countLoop } from './count-loop.ts';
import { sleep } from './sleep.ts';

/** The catalogue: every built-in workload, in the order in which it is offered. */
export const workloads: readonly WorkloadDescription[] = [countLoop, sleep];

/** What the ranges of single parameters cannot say. */
const checksAcross = new Map<string, (params: WorkloadParams) => Result<WorkloadParams>>([
  [countLoop.id, checkCountLoop],
]);

export function findWorkload(id: string): WorkloadDescription | undefined {
  return workloads.find((workload) => workload.id === id);
}

/**
 * Checks `params` against the description and fills in the defaults of `runtime` (they differ, so that a task
 * lasts long enough in each). The result holds every parameter of the workload and nothing else.
 */
export function validateParams(
  description: WorkloadDescription,
  params: WorkloadParams,
  runtime: Runtime,
): Result<WorkloadParams> {
  const known = description.parameters.map((parameter) => parameter.name);
  const unknown = Object.keys(params).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return fail(
      'unknown-parameter',
      `Workload "${description.id}" has no parameter "${unknown}".`,
      `Its parameters are ${known.map((name) => `"${name}"`).join(', ')}.`,
    );
  }
  const complete: Record<string, number> = {};
  for (const parameter of description.parameters) {
    // Own properties only: a parameter could be named like something that every object inherits.
    const given = Object.hasOwn(params, parameter.name) ? params[parameter.name] : undefined;
    const value = given ?? parameter.defaults[runtime];
    const fault = describeFault(parameter, value);
    if (fault !== null) {
      return fail(
        'parameter-out-of-range',
        `Parameter "${parameter.name}" of workload "${description.id}" is ${value}, ${fault}.`,
        `Give ${describeRange(parameter)}.`,
      );
    }
    complete[parameter.name] = value;
  }
  return checksAcross.get(description.id)?.(complete) ?? succeed(complete);
}

function describeFault(parameter: ParameterDescription, value: number): string | null {
  if (!Number.isFinite(value)) return 'which is not a number';
  if (value < parameter.min) return `below the least, ${parameter.min}`;
  if (value > parameter.max) return `above the most, ${parameter.max}`;
  if (parameter.integer && !Number.isInteger(value)) return 'which is not a whole number';
  return null;
}

function describeRange(parameter: ParameterDescription): string {
  const unit = parameter.unit === '' ? '' : ` ${parameter.unit}`;
  return `a ${parameter.integer ? 'whole number' : 'number'} from ${parameter.min} to ${parameter.max}${unit}`;
}
