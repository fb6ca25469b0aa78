import type { Experiment } from '../../shared/experiment.ts';

/**
 * The command that runs this experiment again, for a POSIX shell. The interpreter's path is named for Python, where
 * several are often installed; Node runs the command itself. A command of the user's without a folder of its own ran
 * where Corescope was started, and has to be repeated there.
 */
export function reproduceCommand(experiment: Experiment): string {
  const words = isPlainRun(experiment) ? repeatRun(experiment) : repeatComparison(experiment);
  return ['npx', 'corescope', ...words, ...targetOptions(experiment)].map(quoteForShell).join(' ');
}

/** `corescope run` has no warm-up, no other command before or after it, and no choice of when to stop. */
function isPlainRun({ verdict, strategies, plan, controlPair }: Experiment): boolean {
  return (
    (verdict.state === 'not-compared' || verdict.state === 'failed') &&
    strategies.length === 1 &&
    controlPair === null &&
    plan.warmUpBlocks === 0 &&
    plan.adaptive === null &&
    plan.prepareCommand === null &&
    plan.cleanupCommand === null
  );
}

function repeatRun(experiment: Experiment): string[] {
  const { plan, strategies } = experiment;
  return [
    'run',
    ...workWords(experiment),
    ...strategies.flatMap(({ strategy, workers }) => ['--strategy', strategy, '--workers', `${workers}`]),
    ...taskOptions(experiment),
    '--runs',
    `${plan.blocks}`,
    ...limitOptions(experiment),
  ];
}

function repeatComparison(experiment: Experiment): string[] {
  const { plan, strategies, controlPair, verdict } = experiment;
  const counts =
    plan.workerCounts.length > 0
      ? plan.workerCounts
      : [Math.max(1, ...strategies.map((result) => result.workers))];
  const { adaptive } = plan;
  return [
    'compare',
    ...workWords(experiment),
    '--strategies',
    [...new Set(strategies.map((result) => result.strategy))].join(','),
    '--workers',
    counts.join(','),
    ...taskOptions(experiment),
    ...(adaptive === null
      ? ['--blocks', `${plan.blocks}`]
      : [
          ...['--blocks', 'auto'],
          ...['--precision', `${Number((adaptive.targetHalfWidth * 100).toPrecision(6))}`],
          ...['--time-budget', `${adaptive.timeMs / 1000}`],
        ]),
    controlPair === null ? '--no-control' : '--control',
    ...(verdict.objective === 'balanced' ? [] : ['--objective', verdict.objective]),
    ...(plan.prepareCommand === null ? [] : ['--prepare', plan.prepareCommand]),
    ...(plan.cleanupCommand === null ? [] : ['--cleanup', plan.cleanupCommand]),
    '--warmup',
    `${plan.warmUpBlocks}`,
    ...limitOptions(experiment),
  ];
}

/** What is run; nothing for a command, which stands behind `--` at the end. */
function workWords({ workload }: Experiment): string[] {
  const { target } = workload;
  switch (target?.kind) {
    case undefined:
      return [workload.id, '--runtime', workload.runtime];
    case 'module':
      return [target.path];
    case 'function':
      return [
        `${target.path}:${target.functionName}`,
        ...(target.args.length === 0 ? [] : ['--args', JSON.stringify(target.args)]),
      ];
    case 'command':
      return [];
  }
}

function taskOptions({ workload }: Experiment): string[] {
  return [
    '--tasks',
    `${workload.tasks}`,
    ...Object.entries(workload.params).flatMap(([name, value]) => ['--param', `${name}=${value}`]),
  ];
}

function limitOptions({ plan, interpreter }: Experiment): string[] {
  return [
    '--timeout',
    `${plan.timeoutMs / 1000}`,
    '--seed',
    `${plan.seed}`,
    ...(plan.memoryLimitBytes === undefined ? [] : ['--memory-limit', `${plan.memoryLimitBytes}`]),
    ...(plan.niceLevel === undefined ? [] : ['--nice', `${plan.niceLevel}`]),
    ...(plan.startMethod === null ? [] : ['--start-method', plan.startMethod]),
    ...(interpreter?.runtime === 'python' ? ['--python', interpreter.executable] : []),
  ];
}

/** Last, because everything behind `--` belongs to the command. */
function targetOptions({ workload: { target } }: Experiment): string[] {
  if (target?.kind !== 'command') return [];
  const { cwd, stdinFile, environment, argv } = target;
  return [
    ...(cwd === null ? [] : ['--cwd', cwd]),
    ...(stdinFile === null ? [] : ['--stdin', stdinFile]),
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    '--',
    ...argv,
  ];
}

/** POSIX quoting: everything but plain words goes between single quotes. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
