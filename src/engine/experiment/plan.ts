import { z } from 'zod';
import { objectives } from '../../shared/experiment-analysis.ts';
import type { ExperimentPlan } from '../../shared/experiment.ts';
import { formatBytes } from '../../shared/format.ts';
import { planLimits } from '../../shared/plan-limits.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { InterpreterChoice } from '../../shared/ipc.ts';
import {
  runtimes,
  startMethods,
  strategiesOf,
  strategyIds,
  type Runtime,
  type StartMethod,
  type StrategyId,
  type WorkloadDescription,
  type WorkTarget,
} from '../../shared/workload.ts';
import { strategyAvailability } from '../runner/availability.ts';
import { suggest } from '../nearest-name.ts';
import { findWorkload, validateParams, workloads } from '../workloads/index.ts';
import { ownWorkloads, runtimeOfTarget } from '../workloads/own-work.ts';
import { targetShape } from '../workloads/target-shape.ts';
import { checkTarget, ownTargetSurroundings, type TargetSurroundings, type TaskNames } from './target.ts';

/**
 * The only way to an `ExperimentPlan` from what a person typed or a page sent: everything is checked here, so
 * that the engine behind it can rely on it.
 */

export { planLimits };

type LimitedField = keyof typeof planLimits;

function wholeNumber(field: LimitedField): z.ZodInt {
  const [least, most] = planLimits[field];
  return z.int().min(least).max(most);
}

// Names of workloads, runtimes and strategies are looked up afterwards: a typo deserves the nearest match.
// The first field that does not fit is the one that is named, so `workerCounts` stands before `tasks`, its default.
const planShape = z.strictObject({
  workerCounts: z.array(wholeNumber('workers')).min(1),
  workload: z.strictObject({
    id: z.string(),
    runtime: z.string(),
    target: targetShape.nullable().default(null),
    params: z.record(z.string(), z.union([z.number(), z.string()])),
    tasks: wholeNumber('tasks'),
  }),
  strategies: z.array(z.string()).min(1),
  blocks: wholeNumber('blocks'),
  warmUpBlocks: wholeNumber('warmUpBlocks'),
  timeoutMs: wholeNumber('timeoutMs'),
  seed: wholeNumber('seed'),
  pythonPath: z.string().min(1).nullable(),
  memoryLimitBytes: wholeNumber('memoryLimitBytes').exactOptional(),
  niceLevel: wholeNumber('niceLevel').exactOptional(),
  startMethod: z.string().nullable().default(null),
  adaptive: z
    .strictObject({
      targetHalfWidth: z.number().min(planLimits.targetHalfWidth[0]).max(planLimits.targetHalfWidth[1]),
      timeMs: wholeNumber('adaptiveTimeMs'),
    })
    .exactOptional(),
  controlPair: z.boolean().exactOptional(),
  objective: z.enum(objectives).exactOptional(),
  prepareCommand: z.string().min(1).exactOptional(),
  cleanupCommand: z.string().min(1).exactOptional(),
});

/** How a person knows the fields, what each may be, and what to do about it. */
const fieldGuide: Readonly<Record<string, { label: string; expected: string; advice: string }>> = {
  workerCounts: {
    label: 'workers',
    expected: describeRange('workers'),
    advice:
      'Choose how many threads or processes share the work; as many as there are cores is a good start.',
  },
  'workload.tasks': {
    label: 'tasks',
    expected: describeRange('tasks'),
    advice: 'Choose how many pieces of work there are; as many as there are workers is a good start.',
  },
  blocks: {
    label: 'blocks',
    expected: describeRange('blocks'),
    advice: 'Choose how often each strategy is measured; an interval that can be trusted needs at least 5.',
  },
  warmUpBlocks: {
    label: 'warm-up',
    expected: describeRange('warmUpBlocks'),
    advice: 'Choose how many repetitions come first without being counted; 1 is enough for most work.',
  },
  timeoutMs: {
    label: 'timeout',
    expected: `${planLimits.timeoutMs[0] / 1000} to ${planLimits.timeoutMs[1] / 1000} seconds`,
    advice: 'Choose how long a single run may take before it is ended.',
  },
  seed: {
    label: 'seed',
    expected: describeRange('seed'),
    advice: 'Leave the seed out, or take that of the experiment whose order of runs is to be repeated.',
  },
  pythonPath: {
    label: 'python',
    expected: 'the path of an interpreter',
    advice: 'Leave it out to use the python3 that is found on the PATH.',
  },
  memoryLimitBytes: {
    label: 'memory limit',
    expected: `${formatBytes(planLimits.memoryLimitBytes[0])} or more`,
    advice:
      'Give an amount like 500MB or 2GB, or leave the limit out: then a run may not make the machine swap.',
  },
  niceLevel: {
    label: 'nice level',
    expected: describeRange('niceLevel'),
    advice: 'Choose 0 for the usual priority, 19 for the least; below 0 only an administrator may go.',
  },
  startMethod: {
    label: 'start method',
    expected: startMethods.join(', '),
    advice: 'Leave it out to start processes as Python does by default.',
  },
  strategies: {
    label: 'strategies',
    expected: `one or more of ${strategyIds.join(', ')}`,
    advice: 'Choose at least two strategies to compare.',
  },
  'adaptive.targetHalfWidth': {
    label: 'precision',
    expected: `${planLimits.targetHalfWidth[0] * 100} to ${planLimits.targetHalfWidth[1] * 100} %`,
    advice: 'Choose how far the answer may lie off on either side; 3 % is a good start.',
  },
  'adaptive.timeMs': {
    label: 'time budget',
    expected: `${planLimits.adaptiveTimeMs[0] / 1000} to ${planLimits.adaptiveTimeMs[1] / 1000} seconds`,
    advice: 'Choose how long the comparison may go on to make its intervals narrower.',
  },
  objective: {
    label: 'objective',
    expected: objectives.join(', '),
    advice: 'Choose what the recommendation is to weigh most; balanced is a good start.',
  },
  prepareCommand: {
    label: 'prepare',
    expected: 'a shell command',
    advice: 'Give the command that is to run before every run, or leave it out.',
  },
  cleanupCommand: {
    label: 'cleanup',
    expected: 'a shell command',
    advice: 'Give the command that is to run after every run, or leave it out.',
  },
};

/**
 * Checks what came from outside and completes the workload's parameters with their defaults. The problem names
 * the field, what it was and what it may be; for an unknown name it lists the known ones and the nearest.
 */
export function parsePlan(
  input: unknown,
  surroundings: PlanSurroundings = ownSurroundings(),
): Result<ExperimentPlan> {
  const shape = planShape.safeParse(input);
  if (!shape.success) return describeIssue(shape.error, input);
  const { workload, strategies, startMethod, ...rest } = shape.data;

  const description = findWorkload(workload.id);
  if (description === undefined) {
    const known = workloads.map(({ id }) => id);
    return fail('unknown-workload', `There is no workload "${workload.id}".`, suggest(workload.id, known));
  }
  const runtime = runtimes.find((known) => known === workload.runtime);
  if (runtime === undefined) {
    return fail(
      'unknown-runtime',
      `There is no runtime "${workload.runtime}".`,
      suggest(workload.runtime, runtimes),
    );
  }
  const target = parseTarget(
    description,
    runtime,
    workload.target,
    { tasks: workload.tasks, seed: rest.seed },
    surroundings,
  );
  if (!target.ok) return target;
  const chosen = parseStrategies(strategies, runtime);
  if (!chosen.ok) return chosen;
  const method = parseStartMethod(startMethod, runtime, surroundings.platform);
  if (!method.ok) return method;
  const params = validateParams(description, workload.params, runtime);
  if (!params.ok) return params;
  const plan: ExperimentPlan = {
    ...rest,
    workerCounts: [...new Set(rest.workerCounts)].sort((left, right) => left - right),
    workload: {
      id: description.id,
      runtime,
      target: target.value,
      params: params.value,
      tasks: workload.tasks,
    },
    strategies: chosen.value,
    startMethod: method.value,
  };
  // Before the interpreter is known; `checkStrategies` is asked again with it.
  return checkStrategies(plan, null, surroundings.platform);
}

/** What a plan is checked against besides itself; tests put another system in. */
export interface PlanSurroundings extends TargetSurroundings {
  readonly platform: NodeJS.Platform;
}

function ownSurroundings(): PlanSurroundings {
  return { ...ownTargetSurroundings(), platform: process.platform };
}

/**
 * Whether each strategy of a plan can run here with this interpreter (null: not known yet); the plan itself where
 * all can.
 */
export function checkStrategies(
  plan: ExperimentPlan,
  interpreter: InterpreterChoice | null,
  platform: NodeJS.Platform,
): Result<ExperimentPlan> {
  const { id, runtime, tasks, params } = plan.workload;
  const description = findWorkload(id);
  if (description === undefined) throw new Error(`a plan was made for the unknown workload "${id}"`);
  const workers = Math.min(Math.max(...plan.workerCounts), tasks);
  const ways = strategyAvailability(runtime, interpreter, description, platform, workers, params);
  for (const way of ways) {
    if (way.available || !plan.strategies.includes(way.strategy)) continue;
    const others = ways.filter(({ available }) => available).map(({ strategy }) => strategy);
    return fail(
      'strategy-unavailable',
      `Strategy "${way.strategy}" cannot run "${id}" here: ${way.reason}`,
      `Leave it out. These can: ${others.join(', ')}.`,
    );
  }
  return succeed(plan);
}

/** The user's own work has a target of its kind, in the runtime of that kind; the catalogue's has none. */
function parseTarget(
  { id }: WorkloadDescription,
  runtime: Runtime,
  target: WorkTarget | null,
  names: TaskNames,
  surroundings: TargetSurroundings,
): Result<WorkTarget | null> {
  const isOwn = ownWorkloads.some((own) => own.id === id);
  if (isOwn !== (target !== null) || (target !== null && target.kind !== id)) {
    return fail(
      'wrong-target',
      target === null
        ? `Workload "${id}" is your own work, but the plan does not say where it is.`
        : `Workload "${id}" does not go with a target of the kind "${target.kind}".`,
      'Choose your own work by its file or command, or a workload of the catalogue by its name.',
    );
  }
  const needed = target === null ? null : runtimeOfTarget[target.kind];
  if (needed === null ? runtime === 'command' : runtime !== needed) {
    return fail(
      'wrong-runtime',
      `Workload "${id}" does not run in ${runtime}.`,
      needed === null ? 'Choose node or python.' : `Choose ${needed}.`,
    );
  }
  return target === null ? succeed(null) : checkTarget(target, names, surroundings);
}

function parseStartMethod(
  name: string | null,
  runtime: Runtime,
  platform: NodeJS.Platform,
): Result<StartMethod | null> {
  if (name === null) return succeed(null);
  const method = startMethods.find((known) => known === name);
  if (method === undefined) {
    return fail('unknown-start-method', `There is no start method "${name}".`, suggest(name, startMethods));
  }
  if (runtime !== 'python') {
    return fail(
      'wrong-start-method',
      `Start method "${method}" is given, but only Python has a choice of them.`,
      'Leave the start method out.',
    );
  }
  if (platform === 'win32' && method !== 'spawn') {
    return fail(
      'wrong-start-method',
      `Windows cannot start processes by "${method}".`,
      'Leave the start method out, or choose spawn.',
    );
  }
  return succeed(method);
}

function parseStrategies(names: readonly string[], runtime: Runtime): Result<readonly StrategyId[]> {
  const known = strategiesOf[runtime];
  const chosen: StrategyId[] = [];
  for (const name of names) {
    const strategy = known.find((candidate) => candidate === name);
    if (strategy === undefined) {
      const elsewhere = strategyIds.some((candidate) => candidate === name);
      return fail(
        'unknown-strategy',
        elsewhere ? `${runtime} has no strategy "${name}".` : `There is no strategy "${name}".`,
        suggest(name, known),
      );
    }
    if (chosen.includes(strategy)) {
      return fail('repeated-strategy', `Strategy "${name}" is given twice.`, 'Name each strategy once.');
    }
    chosen.push(strategy);
  }
  return succeed(chosen);
}

function describeIssue(error: z.ZodError, input: unknown): Result<never> {
  const issue = error.issues[0];
  if (issue === undefined) throw new Error('zod refused a plan without saying why');
  const path = issue.path.map(String);
  const guide = fieldGuide[path.join('.')] ?? fieldGuide[path[0] ?? ''];
  if (guide !== undefined) {
    const value = valueAt(input, path);
    const given = showField(path[0] === 'adaptive' ? path[1] : path[0], value);
    return fail('invalid-plan', `${guide.label} is ${given}, but must be ${guide.expected}.`, guide.advice);
  }
  const [section, field, parameter] = path;
  if (section === 'workload' && field === 'params' && parameter !== undefined) {
    return fail(
      'invalid-plan',
      `Parameter "${parameter}" is ${show(valueAt(input, path))}, but must be a number or a text.`,
      'List the parameters and their ranges with: corescope workloads',
    );
  }
  const place = path.length === 0 ? 'The plan' : `The plan's ${path.join('.')}`;
  return fail(
    'invalid-plan',
    `${place} does not fit: ${issue.message}.`,
    'Start from a plan of this version.',
  );
}

function describeRange(field: LimitedField): string {
  const [least, most] = planLimits[field];
  return `a whole number from ${least} to ${most}`;
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined,
    input,
  );
}

/** People give the timeout in seconds and memory in megabytes. */
function showField(field: string | undefined, value: unknown): string {
  if (typeof value !== 'number') return show(value);
  if (field === 'timeoutMs' || field === 'timeMs') return `${value / 1000} seconds`;
  if (field === 'targetHalfWidth') return `${value * 100} %`;
  return field === 'memoryLimitBytes' ? formatBytes(value) : show(value);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
