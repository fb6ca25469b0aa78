import { fail, type Result, succeed } from '../../shared/result.ts';
import type {
  ChoiceParameter,
  NumberParameter,
  ParameterDescription,
  Runtime,
  WorkloadDescription,
  WorkloadParams,
} from '../../shared/workload.ts';
import { allocate } from './allocate.ts';
import { checkCountLoop, countLoop } from './count-loop.ts';
import { counterLock } from './counter-lock.ts';
import { counterRace } from './counter-race.ts';
import { deadlock } from './deadlock.ts';
import { echo } from './echo.ts';
import { exitFault } from './exit.ts';
import { files } from './files.ts';
import { hang } from './hang.ts';
import { hash } from './hash.ts';
import { http } from './http.ts';
import { json } from './json.ts';
import { lockContention } from './lock-contention.ts';
import { mandelbrot } from './mandelbrot.ts';
import { matrix } from './matrix.ts';
import { mixed } from './mixed.ts';
import { nativeCrash } from './native-crash.ts';
import { neverJoined } from './never-joined.ts';
import { outOfMemory } from './out-of-memory.ts';
import { ownWorkloads } from './own-work.ts';
import { pipeline } from './pipeline.ts';
import { primes } from './primes.ts';
import { sharedSum } from './shared-sum.ts';
import { sleep } from './sleep.ts';
import { sort } from './sort.ts';
import { throwFault } from './throw.ts';

/** The catalogue: every built-in workload, in the order in which it is offered. */
export const workloads: readonly WorkloadDescription[] = [
  // cpu
  countLoop,
  hash,
  json,
  mandelbrot,
  matrix,
  primes,
  sort,
  // io
  files,
  http,
  sleep,
  // mixed
  mixed,
  // memory
  allocate,
  sharedSum,
  // messages
  echo,
  // synchronisation
  counterRace,
  counterLock,
  lockContention,
  deadlock,
  pipeline,
  // fault
  throwFault,
  exitFault,
  nativeCrash,
  outOfMemory,
  hang,
  neverJoined,
];

/** What the ranges of single parameters cannot say. */
const checksAcross = new Map<string, (params: WorkloadParams) => Result<WorkloadParams>>([
  [countLoop.id, checkCountLoop],
]);

/** A workload of the catalogue, or `module`, `function` or `command`, which stand for the user's own work. */
export function findWorkload(id: string): WorkloadDescription | undefined {
  return [...workloads, ...ownWorkloads].find((workload) => workload.id === id);
}

/**
 * Checks `params` against the description and fills in the defaults of `runtime` (they differ, so that a task
 * lasts long enough in each). The result holds every parameter of the workload and nothing else. A module of the
 * user's takes whatever it is given: only the module knows its parameters.
 */
export function validateParams(
  description: WorkloadDescription,
  params: WorkloadParams,
  runtime: Runtime,
): Result<WorkloadParams> {
  if (description.id === 'module') return validateFreely(params);
  const known = description.parameters.map((parameter) => parameter.name);
  const unknown = Object.keys(params).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return fail(
      'unknown-parameter',
      `Workload "${description.id}" has no parameter "${unknown}".`,
      known.length === 0
        ? 'It has none: what varies goes into its arguments.'
        : `Its parameters are ${known.map((name) => `"${name}"`).join(', ')}.`,
    );
  }
  const complete: Record<string, number | string> = {};
  for (const parameter of description.parameters) {
    // Own properties only: a parameter could be named like something that every object inherits.
    const given = Object.hasOwn(params, parameter.name) ? params[parameter.name] : undefined;
    // A command has no parameters, so that there is a default for every runtime that gets here.
    const value = given ?? parameter.defaults[runtime === 'python' ? 'python' : 'node'];
    const fault = describeFault(parameter, value, runtime);
    if (fault !== null) {
      return fail(
        'parameter-out-of-range',
        `Parameter "${parameter.name}" of workload "${description.id}" is ${show(value)}, ${fault}.`,
        `Give ${describeRange(parameter, runtime)}.`,
      );
    }
    complete[parameter.name] = value;
  }
  return checksAcross.get(description.id)?.(complete) ?? succeed(complete);
}

function validateFreely(params: WorkloadParams): Result<WorkloadParams> {
  const odd = Object.entries(params).find(
    ([, value]) => typeof value === 'number' && !Number.isFinite(value),
  );
  if (odd === undefined) return succeed(params);
  return fail(
    'parameter-out-of-range',
    `Parameter "${odd[0]}" of your module is ${odd[1]}, which JSON cannot carry.`,
    'Give a finite number or a text.',
  );
}

function describeFault(
  parameter: ParameterDescription,
  value: number | string,
  runtime: Runtime,
): string | null {
  if (parameter.type === 'number') return describeNumberFault(parameter, value);
  if (choicesIn(parameter, runtime).some((choice) => choice === value)) return null;
  const known = parameter.choices.some((choice) => choice === value);
  return known ? `which ${runtime} does not have` : 'which is not one of its choices';
}

function choicesIn({ choices, onlyIn }: ChoiceParameter, runtime: Runtime): readonly string[] {
  return choices.filter((choice) => (onlyIn?.[choice] ?? runtime) === runtime);
}

function describeNumberFault({ min, max, integer }: NumberParameter, value: number | string): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'which is not a number';
  if (value < min) return `below the least, ${min}`;
  if (value > max) return `above the most, ${max}`;
  if (integer && !Number.isInteger(value)) return 'which is not a whole number';
  return null;
}

function describeRange(parameter: ParameterDescription, runtime: Runtime): string {
  if (parameter.type === 'choice') return `one of ${choicesIn(parameter, runtime).join(', ')}`;
  const unit = parameter.unit === '' ? '' : ` ${parameter.unit}`;
  return `a ${parameter.integer ? 'whole number' : 'number'} from ${parameter.min} to ${parameter.max}${unit}`;
}

function show(value: number | string): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
