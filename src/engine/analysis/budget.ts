import type { Estimate } from '../../shared/experiment-analysis.ts';
import type { Experiment, StrategyResult } from '../../shared/experiment.ts';
import { formatBytes, formatCores, formatDuration, formatFactor } from '../../shared/format.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { strategyIds, type StrategyId } from '../../shared/workload.ts';
import { strategyName } from './runs.ts';

/**
 * A limit that an experiment has to keep, as it is written on the command line:
 *
 *     metric [ "(" strategy [ "*" workers ] ")" ]  "<" | "<=" | ">" | ">="  number [ unit ]
 *
 * `speedup(processes)>1.5`, `peakPss<500MB`, `wall(threads*4)<=2s`, `cores(recommended)>1.8`.
 */
export interface Budget {
  readonly metric: BudgetMetric;
  /** Null: every strategy and number of workers has to keep it. `recommended`: the one that the verdict names. */
  readonly of: BudgetSubject | null;
  readonly operator: BudgetOperator;
  /** In the metric's own unit: milliseconds, bytes, cores, times. */
  readonly limit: number;
}

/** `workers` null: whatever number of workers it was measured with. */
export type BudgetSubject =
  { readonly strategy: StrategyId; readonly workers: number | null } | { readonly strategy: 'recommended' };

export const budgetOperators = ['<', '<=', '>', '>='] as const;
export type BudgetOperator = (typeof budgetOperators)[number];

type Quantity = 'time' | 'memory' | 'factor' | 'cores';

interface MetricDescription {
  readonly quantity: Quantity;
  readonly title: string;
  /** The median over the measured runs, in the metric's own unit; null where it was not measured. */
  readonly read: (result: StrategyResult) => number | null;
  readonly interval: (result: StrategyResult) => Estimate | null;
}

const metricTable = {
  speedup: {
    quantity: 'factor',
    title: 'Speed-up',
    read: (result) => result.speedup?.median ?? null,
    interval: (result) => result.speedup,
  },
  wall: {
    quantity: 'time',
    title: 'Wall time',
    read: (result) => result.wallMs?.median ?? null,
    interval: (result) => result.wallMs,
  },
  startup: {
    quantity: 'time',
    title: 'Start-up',
    read: (result) => result.startupMs,
    interval: () => null,
  },
  cpu: {
    quantity: 'time',
    title: 'CPU time',
    read: (result) => (result.cpuSeconds === null ? null : result.cpuSeconds * 1000),
    interval: () => null,
  },
  cores: {
    quantity: 'cores',
    title: 'Effective cores',
    read: (result) => result.effectiveCores,
    interval: () => null,
  },
  peakPss: {
    quantity: 'memory',
    title: 'Peak memory (PSS)',
    read: (result) => result.peakPssBytes,
    interval: () => null,
  },
  peakRss: {
    quantity: 'memory',
    title: 'Peak memory (RSS)',
    read: (result) => result.peakRssBytes,
    interval: () => null,
  },
} as const satisfies Record<string, MetricDescription>;

export type BudgetMetric = keyof typeof metricTable;

export const budgetMetrics = [
  'speedup',
  'wall',
  'startup',
  'cpu',
  'cores',
  'peakPss',
  'peakRss',
] as const satisfies readonly BudgetMetric[];

const units: Readonly<Record<Quantity, Readonly<Record<string, number>>>> = {
  time: { us: 1e-3, µs: 1e-3, ms: 1, s: 1000, min: 60_000 },
  memory: {
    B: 1,
    kB: 1e3,
    KB: 1e3,
    MB: 1e6,
    GB: 1e9,
    TB: 1e12,
    KiB: 2 ** 10,
    MiB: 2 ** 20,
    GiB: 2 ** 30,
    TiB: 2 ** 40,
  },
  // The bare number is the usual way to write these.
  factor: { '': 1, x: 1, '×': 1 },
  cores: { '': 1, cores: 1 },
};

const formatters: Readonly<Record<Quantity, (value: number) => string>> = {
  time: formatDuration,
  memory: formatBytes,
  factor: formatFactor,
  cores: formatCores,
};

const budgetForm =
  /^\s*(?<metric>[a-z]+)\s*(?:\((?<subject>[^()]*)\))?\s*(?<operator><=|>=|<|>)\s*(?<digits>\d+(?:\.\d+)?|\.\d+)\s*(?<unit>\S*)\s*$/iu;
const subjectForm = /^\s*(?<strategy>[a-z-]+?)\s*(?:[*x×]\s*(?<workers>\d{1,6})\s*)?$/u;

/** The problem names the part that is wrong and what it may be. */
export function parseBudget(text: string): Result<Budget> {
  const parts = budgetForm.exec(text)?.groups;
  if (parts === undefined) {
    return fail(
      'invalid-budget',
      `--budget "${text}" is not a metric, a comparison and a number.`,
      `Write it like 'speedup(processes)>1.5' or 'peakPss<500MB', in quotes; metrics: ${budgetMetrics.join(', ')}.`,
    );
  }
  const {
    metric: metricName = '',
    subject,
    operator: operatorName,
    digits = '',
    unit: unitText = '',
  } = parts;
  const metric = budgetMetrics.find((known) => known.toLowerCase() === metricName.toLowerCase());
  if (metric === undefined) {
    return fail(
      'invalid-budget',
      `--budget "${text}": there is no metric "${metricName}".`,
      `Known: ${budgetMetrics.join(', ')}.`,
    );
  }
  const operator = budgetOperators.find((known) => known === operatorName);
  if (operator === undefined) throw new Error('the form lets only known operators through');
  const of = parseSubject(text, subject);
  if (!of.ok) return of;
  const factor = unitFactor(units[metricTable[metric].quantity], unitText);
  if (factor === null) return wrongUnit(text, metric, unitText);
  return succeed({ metric, of: of.value, operator, limit: Number(digits) * factor });
}

function parseSubject(text: string, subject: string | undefined): Result<BudgetSubject | null> {
  if (subject === undefined) return succeed(null);
  const parts = subjectForm.exec(subject)?.groups;
  const name = parts?.['strategy'] ?? subject.trim();
  const workers = parts?.['workers'];
  if (name === 'recommended' && workers === undefined) return succeed({ strategy: 'recommended' });
  const strategy = strategyIds.find((known) => known === name);
  if (strategy === undefined || workers === '0') {
    return fail(
      'invalid-budget',
      `--budget "${text}": "${subject.trim()}" is not a strategy.`,
      `Known: ${strategyIds.join(', ')}, each also with a number of workers like processes*4; or recommended.`,
    );
  }
  return succeed({ strategy, workers: workers === undefined ? null : Number(workers) });
}

/** Exact case first: nobody means megabytes by `ms`, but many write `mb`. */
function unitFactor(known: Readonly<Record<string, number>>, text: string): number | null {
  const exact = Object.entries(known).find(([name]) => name === text);
  const loose = Object.entries(known).find(([name]) => name.toLowerCase() === text.toLowerCase());
  return (exact ?? loose)?.[1] ?? null;
}

function wrongUnit(text: string, metric: BudgetMetric, unit: string): Result<never> {
  const { quantity } = metricTable[metric];
  const names = Object.keys(units[quantity]).filter((name) => name !== '' && name !== 'KB');
  return fail(
    'invalid-budget',
    unit === ''
      ? `--budget "${text}" has no unit.`
      : `--budget "${text}": "${unit}" is not a unit of ${metric}.`,
    quantity === 'time' || quantity === 'memory'
      ? `Give one of ${names.join(', ')}.`
      : `Give a plain number, like ${metric}>1.5.`,
  );
}

/** The budget in its shortest form; `parseBudget` reads the same budget from it. */
export function formatBudget({ metric, of, operator, limit }: Budget): string {
  const known = Object.entries(units[metricTable[metric].quantity]);
  const candidates = known
    .filter(([, factor]) => Number(plainDigits(limit / factor)) * factor === limit)
    .map(([name, factor]) => `${plainDigits(limit / factor)}${name}`);
  // The unit of the metric itself always is among them.
  const [shortest = ''] = candidates.sort((left, right) => left.length - right.length);
  return `${metric}${formatSubject(of)}${operator}${shortest}`;
}

function formatSubject(of: BudgetSubject | null): string {
  if (of === null) return '';
  return of.strategy === 'recommended' || of.workers === null
    ? `(${of.strategy})`
    : `(${of.strategy}*${of.workers})`;
}

/** Without an exponent, which the form does not have. */
function plainDigits(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(value < 1 ? 20 : 0) : text;
}

/** How one strategy and number of workers stands to a budget. */
export interface BudgetFinding {
  readonly budget: Budget;
  /** `processes × 4`, or what the budget asks for where nothing of the kind was measured. */
  readonly subject: string;
  /** `unknown` where it was not measured: whoever sets a limit wants to know that it is kept. */
  readonly state: 'kept' | 'broken' | 'unknown';
  readonly value: number | null;
  /** One sentence: what was measured, and what the limit is. */
  readonly sentence: string;
}

/**
 * Judges a budget by the median of each strategy that it is about (at least one finding). The median decides, for a
 * limit is a promise about the usual run; where the 95 % interval reaches to the other side, the sentence says so.
 * Without a subject, serial's own speed-up is left out: it is 1 by definition.
 */
export function judgeBudget(budget: Budget, experiment: Experiment): readonly BudgetFinding[] {
  const results = experiment.strategies.filter((result) => isSubject(budget, result, experiment));
  if (results.length === 0) {
    const subject = describeSubject(budget.of);
    return [
      {
        budget,
        subject,
        state: 'unknown',
        value: null,
        sentence: `${metricTable[budget.metric].title} of ${subject} was not measured; the limit is ${describeLimit(budget)}.`,
      },
    ];
  }
  return results.map((result) => judgeOne(budget, result));
}

function isSubject({ metric, of }: Budget, result: StrategyResult, { verdict }: Experiment): boolean {
  if (of === null) return !(metric === 'speedup' && result.strategy === 'serial');
  if (of.strategy === 'recommended') {
    const named = verdict.recommended ?? verdict;
    return result.strategy === named.strategy && result.workers === named.workers;
  }
  return result.strategy === of.strategy && (of.workers === null || result.workers === of.workers);
}

function describeSubject(of: BudgetSubject | null): string {
  if (of === null) return 'any strategy';
  if (of.strategy === 'recommended') return 'the recommended strategy';
  return of.workers === null ? of.strategy : strategyName({ strategy: of.strategy, workers: of.workers });
}

function judgeOne(budget: Budget, result: StrategyResult): BudgetFinding {
  const metric: MetricDescription = metricTable[budget.metric];
  const subject = strategyName(result);
  const value = metric.read(result);
  const limit = describeLimit(budget);
  if (value === null || !Number.isFinite(value)) {
    const sentence = `${metric.title} of ${subject} could not be measured; the limit is ${limit}.`;
    return { budget, subject, state: 'unknown', value: null, sentence };
  }
  const kept = keeps(budget, value);
  const interval = metric.interval(result);
  const open = interval !== null && interval.ci95.some((end) => keeps(budget, end) !== kept);
  const show = formatters[metric.quantity];
  const doubt =
    interval === null || !open
      ? ''
      : `, but its 95 % interval, ${interval.ci95.map(show).join(' to ')}, reaches to the other side: more blocks would tell`;
  const sentence = `${metric.title} of ${subject} is ${show(value)}; the limit is ${limit}${doubt}.`;
  return { budget, subject, state: kept ? 'kept' : 'broken', value, sentence };
}

function keeps({ operator, limit }: Budget, value: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}

function describeLimit({ metric, operator, limit }: Budget): string {
  const words = { '<': 'below', '<=': 'at most', '>': 'above', '>=': 'at least' }[operator];
  return `${words} ${formatters[metricTable[metric].quantity](limit)}`;
}

/** The strategy that a budget names and the plan does not have; null where it will be measured. */
export function missingStrategy(budget: Budget, strategies: readonly StrategyId[]): StrategyId | null {
  const { of } = budget;
  if (of === null || of.strategy === 'recommended') return null;
  return strategies.includes(of.strategy) ? null : of.strategy;
}
