import { randomInt } from 'node:crypto';
import { type Command, Option } from '@commander-js/extra-typings';
import { planLimits } from '../../engine/experiment/plan.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { catalogueRuntimes, startMethods } from '../../shared/workload.ts';
import { addRecordOptions, type RecordOptions } from '../record-options.ts';
import { addWorkOptions, type ChosenWork, type WorkOptions } from '../work-options.ts';
import { readBytes, readNumber, readParams } from '../typed-values.ts';

/** What was typed, word for word. */
export interface RunOptions extends WorkOptions, RecordOptions {
  readonly strategy: string;
  readonly workers: string;
  readonly tasks?: string | undefined;
  readonly param: readonly string[];
  readonly runs: string;
  readonly timeout: string;
  readonly memoryLimit?: string | undefined;
  readonly nice?: string | undefined;
  readonly seed?: string | undefined;
  readonly startMethod?: string | undefined;
  readonly json?: string | undefined;
  readonly quiet?: true | undefined;
}

/** The return type is inferred: commander makes the type of the parsed options from these lines. */
export function addRunOptions<Args extends unknown[]>(command: Command<Args>) {
  const described = command
    .addOption(
      new Option(
        '--runtime <name>',
        `what runs a workload of the catalogue: ${catalogueRuntimes.join(' or ')}`,
      ).default('node', 'node'),
    )
    .addOption(new Option('--strategy <name>', 'how it is run').default('serial', 'serial'))
    .addOption(new Option('--workers <n>', 'threads or processes that share the work').default('1', '1'))
    .option('--tasks <n>', 'pieces of work to share out (default: as many as workers)')
    .addOption(
      new Option('--param <name=value>', 'a parameter of the workload; can be repeated')
        .default<readonly string[]>([], 'those of the workload')
        .argParser<readonly string[]>((value, earlier) => [...earlier, value]),
    )
    .addOption(new Option('--runs <n>', 'how often it is run').default('1', '1'))
    .addOption(new Option('--timeout <seconds>', 'end a run that takes longer').default('60', '60'))
    .option('--memory-limit <size>', 'end a run that has more, like 500MB')
    .option('--nice <level>', 'scheduling priority of the run, from -20 (most) to 19 (least)')
    .option('--seed <n>', 'for work that needs chance (default: random)')
    .option('--start-method <name>', `how Python makes processes: ${startMethods.join(', ')}`)
    .option('--python <path>', 'the Python interpreter to use (default: python3 on the PATH)');
  const withFiles = addWorkOptions(described).option(
    '--json <file>',
    'write the result as JSON; - prints it instead of the text',
  );
  return addRecordOptions(withFiles).option(
    '--quiet',
    'no progress and none of what the work writes, only the result and problems',
  );
}

/** What `parsePlan` is to check: an experiment of one strategy, without warm-up. */
export function readRunPlan({ id, runtime, target }: ChosenWork, options: RunOptions): Result<unknown> {
  const params = readParams(options.param);
  if (!params.ok) return params;
  const runs = readNumber(options.runs);
  const [least, most] = planLimits.blocks;
  if (typeof runs !== 'number' || !Number.isInteger(runs) || runs < least || runs > most) {
    return fail(
      'invalid-runs',
      `--runs is ${options.runs}, but must be a whole number from ${least} to ${most}.`,
      'Leave it out to run the work once.',
    );
  }
  const workers = readNumber(options.workers);
  const timeoutSeconds = readNumber(options.timeout);
  return succeed({
    workload: { id, runtime, target, params: params.value, tasks: readNumber(options.tasks) ?? workers },
    strategies: [options.strategy],
    workerCounts: [workers],
    blocks: runs,
    warmUpBlocks: 0,
    timeoutMs: typeof timeoutSeconds === 'number' ? Math.round(timeoutSeconds * 1000) : timeoutSeconds,
    seed: readNumber(options.seed) ?? randomInt(planLimits.seed[1]),
    pythonPath: options.python ?? null,
    startMethod: options.startMethod ?? null,
    ...(options.memoryLimit === undefined ? {} : { memoryLimitBytes: readBytes(options.memoryLimit) }),
    ...(options.nice === undefined ? {} : { niceLevel: readNumber(options.nice) }),
  });
}
