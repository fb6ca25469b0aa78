import type { Experiment } from '../../shared/experiment.ts';

/**
 * The command that runs this experiment again. The interpreter's path is named for Python, where several are often
 * installed; Node runs the command itself.
 */
export function reproduceCommand(experiment: Experiment): string {
  const { workload, plan, strategies, interpreter } = experiment;
  const workers = Math.max(1, ...strategies.map((result) => result.workers));
  const words = [
    'npx',
    'corescope',
    'compare',
    workload.id,
    '--runtime',
    workload.runtime,
    '--strategies',
    strategies.map((result) => result.strategy).join(','),
    '--workers',
    `${workers}`,
    '--tasks',
    `${workload.tasks}`,
    ...Object.entries(workload.params).flatMap(([name, value]) => ['--param', `${name}=${value}`]),
    '--blocks',
    `${plan.blocks}`,
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
