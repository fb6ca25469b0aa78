import { randomInt } from 'node:crypto';
import { type Command, Option } from '@commander-js/extra-typings';
import { planLimits } from '../engine/experiment/plan.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import { objectives } from '../shared/experiment-analysis.ts';
import { evenTasks, probingWorkerCounts, scalingWorkerCounts } from '../shared/worker-counts.ts';
import { catalogueRuntimes, startMethods, strategiesOf } from '../shared/workload.ts';
import { addGateOptions, type GateOptions } from './gate.ts';
import { addRecordOptions, type RecordOptions } from './record-options.ts';
import { addWorkOptions, chooseWork, type ChosenWork, type WorkOptions } from './work-options.ts';
import { readBytes, readNumber, readParams } from './typed-values.ts';

/** What was typed, word for word: nothing is checked before `parsePlan` checks everything. */
export interface CompareOptions extends WorkOptions, GateOptions, RecordOptions {
  readonly runtime: string;
  /** What stands behind `--`; null where there is no `--`. */
  readonly command?: readonly string[] | null | undefined;
  readonly strategies: string;
  readonly workers?: string | undefined;
  readonly tasks?: string | undefined;
  readonly param: readonly string[];
  readonly blocks?: string | undefined;
  readonly quick?: true | undefined;
  readonly precision?: string | undefined;
  readonly timeBudget?: string | undefined;
  readonly control?: boolean | undefined;
  readonly objective?: string | undefined;
  readonly prepare?: string | undefined;
  readonly cleanup?: string | undefined;
  readonly warmup: string;
  readonly timeout: string;
  readonly memoryLimit?: string | undefined;
  readonly nice?: string | undefined;
  readonly seed?: string | undefined;
  readonly resume?: string | undefined;
  readonly startMethod?: string | undefined;
  readonly python?: string | undefined;
  readonly json?: string | undefined;
  readonly report?: string | undefined;
  readonly yes?: true | undefined;
  readonly quiet?: true | undefined;
}

/** Enough for an interval that can be trusted, with one to spare in each direction. */
const defaultBlocks = 7;
const quickBlocks = 3;

/** `--blocks auto` without more: narrower than most decisions need, in a time that one waits for. */
const defaultPrecisionPercent = 3;
const defaultTimeBudgetSeconds = 300;
const mostAutomaticBlocks = 100;

/** The question that the tool is named for; the other strategies are asked for by name. */
const defaultStrategies = ['serial', 'threads', 'processes'];

/** The return type is inferred: commander makes the type of the parsed options from these lines. */
export function addCompareOptions<Args extends unknown[]>(command: Command<Args>) {
  const described = command
    .addOption(
      new Option('--runtime <name>', `what runs the work: ${catalogueRuntimes.join(' or ')}`).default(
        'node',
        'node',
      ),
    )
    .addOption(
      new Option('--strategies <names>', 'which ways to compare, separated by commas').default(
        defaultStrategies.join(','),
        defaultStrategies.join(', '),
      ),
    )
    .option(
      '--workers <list>',
      'threads or processes that share the work, like 4 or 1,2,4; auto adds twice as many as cores (default: 1, 2, 4 … usable cores)',
    )
    .option('--tasks <n>', 'pieces of work to share out (default: what all numbers of workers divide)')
    .addOption(
      new Option('--param <name=value>', 'a parameter of the workload; can be repeated')
        .default<readonly string[]>([], 'those of the workload')
        .argParser<readonly string[]>((value, earlier) => [...earlier, value]),
    )
    .option(
      '--blocks <n>',
      `times that each strategy is measured; auto: until the answer is narrow enough (default: ${defaultBlocks})`,
    )
    .option(
      '--precision <percent>',
      `with --blocks auto: how far the answer may lie off (default: ${defaultPrecisionPercent})`,
    )
    .option(
      '--time-budget <seconds>',
      `with --blocks auto: begin no block that would end later (default: ${defaultTimeBudgetSeconds})`,
    )
    .addOption(
      new Option(
        '--control',
        'run one strategy twice in every block, which tells what noise alone does (default: with several numbers of workers)',
      ),
    )
    .option('--no-control', 'run every strategy once in every block')
    .option('--objective <name>', `what to recommend: ${objectives.join(', ')} (default: balanced)`)
    .option('--prepare <command>', 'shell command before every run, not measured')
    .option('--cleanup <command>', 'shell command after every run, not measured')
    .addOption(
      new Option('--quick', `measure each strategy ${quickBlocks} times only: a first impression`).conflicts(
        'blocks',
      ),
    )
    .addOption(
      new Option('--warmup <n>', 'times that each strategy is run first without being counted').default(
        '1',
        '1',
      ),
    )
    .addOption(new Option('--timeout <seconds>', 'end a run that takes longer').default('60', '60'))
    .option(
      '--memory-limit <size>',
      'end a run that has more, like 500MB (default: 90 % of what is available when it starts)',
    )
    .option('--nice <level>', 'scheduling priority of the runs, from -20 (most) to 19 (least)')
    .option('--seed <n>', 'order of the runs, to repeat that of an earlier comparison (default: random)')
    .option('--start-method <name>', `how Python makes processes: ${startMethods.join(', ')}`)
    .option('--resume <file>', 'go on with a comparison that was interrupted; the file holds its plan')
    .option('--python <path>', 'the Python interpreter to use (default: python3 on the PATH)');
  const withFiles = addGateOptions(addWorkOptions(described))
    .option('--json <file>', 'write the result as JSON; - prints it instead of the table')
    .option(
      '--report <file>',
      'write a self-contained report: HTML; PDF where it ends in .pdf, its chart alone where in .svg or .png',
    );
  return addRecordOptions(withFiles)
    .option('--yes', 'do not ask, even if it takes hours')
    .option('--quiet', 'no progress, only the result and problems');
}

/**
 * What `parsePlan` is to check. A number that cannot be read stays the text it was, so that the problem can show
 * it. Fails only for a `--param` without a value.
 */
export function readPlanInput(
  workload: string,
  options: CompareOptions,
  machine: { readonly usableCores: number },
): Result<unknown> {
  const work = chooseWork(workload === '' ? [] : [workload], options.command ?? null, options);
  if (!work.ok) return work;
  const params = readParams(options.param);
  if (!params.ok) return params;
  const workerCounts = readWorkerCounts(options.workers, machine.usableCores);
  const isAutomatic = options.blocks?.trim() === 'auto';
  for (const [flag, value] of [
    ['--precision', options.precision],
    ['--time-budget', options.timeBudget],
  ] as const) {
    if (value === undefined || isAutomatic) continue;
    return fail(
      'flag-without-effect',
      `${flag} is given, but the number of blocks is fixed.`,
      `Add --blocks auto, or leave ${flag} out.`,
    );
  }
  const control = options.control ?? (isAutomatic || workerCounts.length > 1);
  const timeoutSeconds = readNumber(options.timeout);
  return succeed({
    workload: {
      id: work.value.id,
      runtime: work.value.runtime,
      ...(work.value.target === null ? {} : { target: work.value.target }),
      params: params.value,
      tasks: readNumber(options.tasks) ?? tasksFor(workerCounts),
    },
    strategies: strategiesFor(work.value, options.strategies),
    workerCounts,
    blocks: isAutomatic
      ? mostAutomaticBlocks
      : (readNumber(options.blocks) ?? (options.quick === true ? quickBlocks : defaultBlocks)),
    ...(isAutomatic ? { adaptive: readAdaptive(options) } : {}),
    ...(control ? { controlPair: true } : {}),
    ...(options.objective === undefined ? {} : { objective: options.objective }),
    ...(options.prepare === undefined ? {} : { prepareCommand: options.prepare }),
    ...(options.cleanup === undefined ? {} : { cleanupCommand: options.cleanup }),
    warmUpBlocks: readNumber(options.warmup),
    timeoutMs: typeof timeoutSeconds === 'number' ? Math.round(timeoutSeconds * 1000) : timeoutSeconds,
    seed: readNumber(options.seed) ?? randomInt(planLimits.seed[1]),
    pythonPath: options.python ?? null,
    ...(options.startMethod === undefined ? {} : { startMethod: options.startMethod }),
    ...(options.memoryLimit === undefined ? {} : { memoryLimitBytes: readBytes(options.memoryLimit) }),
    ...(options.nice === undefined ? {} : { niceLevel: readNumber(options.nice) }),
  });
}

/** A command has strategies of its own, so that the usual ones do not fit it. */
function strategiesFor({ runtime }: ChosenWork, text: string): readonly string[] {
  if (runtime === 'command' && text === defaultStrategies.join(',')) return strategiesOf.command;
  return text.split(',').map((name) => name.trim());
}

/**
 * `4` or `1,2,4`, as far as it can be read; `auto`: 1, 2, 4 … usable cores and twice as many, to see what too many do.
 * Without a word the same without the last.
 */
function readWorkerCounts(text: string | undefined, usableCores: number): readonly (number | string)[] {
  if (text !== undefined && text.trim() !== 'auto') {
    return text.split(',').map((count) => readNumber(count) ?? count);
  }
  return text === undefined ? scalingWorkerCounts(usableCores) : probingWorkerCounts(usableCores);
}

/** Tasks that every number of workers divides; what is no count stays what it was, for `parsePlan` to show it. */
function tasksFor(workerCounts: readonly (number | string)[]): number | string | undefined {
  const counts = workerCounts.filter(
    (count): count is number => typeof count === 'number' && Number.isInteger(count) && count > 0,
  );
  if (counts.length < workerCounts.length)
    return workerCounts.find((count) => !counts.some((each) => each === count));
  return evenTasks(counts);
}

function readAdaptive(options: CompareOptions): unknown {
  const precision = readNumber(options.precision) ?? defaultPrecisionPercent;
  const seconds = readNumber(options.timeBudget) ?? defaultTimeBudgetSeconds;
  return {
    targetHalfWidth: typeof precision === 'number' ? precision / 100 : precision,
    timeMs: typeof seconds === 'number' ? Math.round(seconds * 1000) : seconds,
  };
}
