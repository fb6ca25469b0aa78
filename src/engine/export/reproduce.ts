import type { Experiment } from '../../shared/experiment.ts';

/**
 * The command that runs this experiment again. The interpreter's path is named for Python, where several are often
 * installed; Node runs the command itself.
 */
export function reproduceCommand(experiment: Experiment): string {
  const { workload, plan, strategies, interpreter } = experiment;
  const counts =
    plan.workerCounts.length > 0
      ? plan.workerCounts
      : [Math.max(1, ...strategies.map((result) => result.workers))];
  const { adaptive } = plan;
  const words = [
    'npx',
    'corescope',
    'compare',
    workload.id,
    '--runtime',
    workload.runtime,
    '--strategies',
    [...new Set(strategies.map((result) => result.strategy))].join(','),
    '--workers',
    counts.join(','),
    '--tasks',
    `${workload.tasks}`,
    ...Object.entries(workload.params).flatMap(([name, value]) => ['--param', `${name}=${value}`]),
    ...(adaptive === null
      ? ['--blocks', `${plan.blocks}`]
      : [
          ...[
            '--blocks',
            'auto',
            '--precision',
            `${Number((adaptive.targetHalfWidth * 100).toPrecision(6))}`,
          ],
          ...['--time-budget', `${adaptive.timeMs / 1000}`],
        ]),
    experiment.controlPair === null ? '--no-control' : '--control',
    ...(experiment.verdict.objective === 'balanced' ? [] : ['--objective', experiment.verdict.objective]),
    ...(plan.prepareCommand === null ? [] : ['--prepare', plan.prepareCommand]),
    ...(plan.cleanupCommand === null ? [] : ['--cleanup', plan.cleanupCommand]),
    '--warmup',
    `${plan.warmUpBlocks}`,
    '--timeout',
    `${plan.timeoutMs / 1000}`,
    '--seed',
    `${plan.seed}`,
    ...(plan.memoryLimitBytes === undefined ? [] : ['--memory-limit', `${plan.memoryLimitBytes}`]),
    ...(plan.niceLevel === undefined ? [] : ['--nice', `${plan.niceLevel}`]),
    ...(interpreter?.runtime === 'python' ? ['--python', interpreter.executable] : []),
  ];
  return words.map(quoteForShell).join(' ');
}

/** POSIX quoting: everything but plain words goes between single quotes. */
function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
