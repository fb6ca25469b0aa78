import { z } from 'zod';
import type { ExperimentPlan } from '../../shared/experiment.ts';
import { formatBytes } from '../../shared/format.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { runtimes, strategyIds, type StrategyId } from '../../shared/workload.ts';
import { findWorkload, validateParams, workloads } from '../workloads/index.ts';

/**
 * The only way to an `ExperimentPlan` from what a person typed or a page sent: everything is checked here, so
 * that the engine behind it can rely on it.
 */

/** Least and most, both allowed. The most are far beyond what is useful and below what would harm the machine. */
export const planLimits = {
  workers: [1, 256],
  tasks: [1, 10_000],
  blocks: [1, 1_000],
  warmUpBlocks: [0, 100],
  /** A day. Node's timers hold 24.8 days at most. */
  timeoutMs: [100, 86_400_000],
  seed: [0, 4_294_967_295],
  /** A bare interpreter has 10 to 40 MB. */
  memoryLimitBytes: [1e6, 1e15],
  niceLevel: [-20, 19],
} as const satisfies Record<string, readonly [number, number]>;

type LimitedField = keyof typeof planLimits;

function wholeNumber(field: LimitedField): z.ZodInt {
  const [least, most] = planLimits[field];
  return z.int().min(least).max(most);
}

// Names of workloads, runtimes and strategies are looked up afterwards: a typo deserves the nearest match.
// The first field that does not fit is the one that is named, so `workers` stands before `tasks`, its default.
const planShape = z.strictObject({
  workers: wholeNumber('workers'),
  workload: z.strictObject({
    id: z.string(),
    runtime: z.string(),
    params: z.record(z.string(), z.number()),
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
});

/** How a person knows the fields, what each may be, and what to do about it. */
const fieldGuide: Readonly<Record<string, { label: string; expected: string; advice: string }>> = {
  workers: {
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
  strategies: {
    label: 'strategies',
    expected: `one or more of ${strategyIds.join(', ')}`,
    advice: 'Choose at least two strategies to compare.',
  },
};

/**
 * Checks what came from outside and completes the workload's parameters with their defaults. The problem names
 * the field, what it was and what it may be; for an unknown name it lists the known ones and the nearest.
 */
export function parsePlan(input: unknown): Result<ExperimentPlan> {
  const shape = planShape.safeParse(input);
  if (!shape.success) return describeIssue(shape.error, input);
  const { workload, strategies, ...rest } = shape.data;

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
  const chosen = parseStrategies(strategies);
  if (!chosen.ok) return chosen;
  const params = validateParams(description, workload.params, runtime);
  if (!params.ok) return params;
  return succeed({
    ...rest,
    workload: { id: description.id, runtime, params: params.value, tasks: workload.tasks },
    strategies: chosen.value,
  });
}

function parseStrategies(names: readonly string[]): Result<readonly StrategyId[]> {
  const chosen: StrategyId[] = [];
  for (const name of names) {
    const strategy = strategyIds.find((known) => known === name);
    if (strategy === undefined) {
      return fail('unknown-strategy', `There is no strategy "${name}".`, suggest(name, strategyIds));
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
    const given = showField(path[0], value);
    return fail('invalid-plan', `${guide.label} is ${given}, but must be ${guide.expected}.`, guide.advice);
  }
  const [section, field, parameter] = path;
  if (section === 'workload' && field === 'params' && parameter !== undefined) {
    return fail(
      'invalid-plan',
      `Parameter "${parameter}" is ${show(valueAt(input, path))}, but must be a number.`,
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
  if (field === 'timeoutMs') return `${value / 1000} seconds`;
  return field === 'memoryLimitBytes' ? formatBytes(value) : show(value);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `Did you mean …?` where a known name is near, then all of them. */
function suggest(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const question = nearest === null ? '' : `Did you mean "${nearest}"? `;
  return `${question}Known: ${known.join(', ')}.`;
}

/** The known name that the fewest edits lead to; null where more than half of the name would have to change. */
export function nearestName(name: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  let fewest = Infinity;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate);
    if (edits < fewest && edits <= Math.max(name.length, candidate.length) / 2) {
      nearest = candidate;
      fewest = edits;
    }
  }
  return nearest;
}

/** Levenshtein distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let taken = 0; taken < from.length; taken += 1) {
    const next = [taken + 1];
    for (let index = 0; index < to.length; index += 1) {
      const replaced = (row[index] ?? Infinity) + (from[taken] === to[index] ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? Infinity) + 1, (next[index] ?? Infinity) + 1));
    }
    row = next;
  }
  return row[to.length] ?? Infinity;
}
