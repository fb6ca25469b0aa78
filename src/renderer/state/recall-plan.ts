import type { ExperimentPlan } from '../../shared/experiment.ts';
import { formatBytes } from '../../shared/format.ts';
import { strategyIds, type WorkTarget } from '../../shared/workload.ts';
import { quoteWord } from './command-line.ts';
import { blocksOf, type Thoroughness } from './block-choice.svelte.ts';
import type { PlanForm } from './plan-form.svelte.ts';

/** Fills the launch form with what was compared before. The Python that is found now is used, not the one of then. */
export function recallPlan(form: PlanForm, plan: ExperimentPlan): void {
  const { workload } = plan;
  if (workload.target === null) form.chooseWorkload(workload.id);
  else recallTarget(form, workload.target);
  form.chooseRuntime(workload.runtime);
  if (workload.target === null) form.params = { ...workload.params };
  for (const strategy of strategyIds) form.strategies[strategy] = plan.strategies.includes(strategy);
  form.workersText = plan.workerCounts.join(', ');
  form.chosenTasks = workload.tasks;
  form.chosenControlPair = plan.controlPair ?? false;
  form.objective = plan.objective ?? 'balanced';
  form.startMethod = plan.startMethod;
  recallBlocks(form, plan);
  recallOptions(form, plan);
}

function recallBlocks({ blocks }: PlanForm, { adaptive, blocks: count }: ExperimentPlan): void {
  if (adaptive === undefined) {
    blocks.thoroughness = nearestThoroughness(count);
    return;
  }
  blocks.thoroughness = 'auto';
  blocks.precisionPercent = adaptive.targetHalfWidth * 100;
  blocks.budgetSeconds = adaptive.timeMs / 1000;
}

/** The seed is another one each time: it is the same comparison, not the same order. */
function recallOptions({ options }: PlanForm, plan: ExperimentPlan): void {
  options.timeoutSeconds = plan.timeoutMs / 1000;
  options.warmUpBlocks = plan.warmUpBlocks;
  options.memoryLimitMb = plan.memoryLimitBytes === undefined ? Number.NaN : plan.memoryLimitBytes / 1e6;
  options.niceLevel = plan.niceLevel ?? Number.NaN;
  options.seed = Number.NaN;
  options.prepareCommand = plan.prepareCommand ?? '';
  options.cleanupCommand = plan.cleanupCommand ?? '';
}

function recallTarget(form: PlanForm, target: WorkTarget): void {
  const { own } = form;
  form.chooseOwnWork();
  switch (target.kind) {
    case 'module':
      own.modulePath = target.path;
      break;
    case 'function':
      own.functionPath = target.path;
      own.functionName = target.functionName;
      own.argsText = JSON.stringify(target.args);
      break;
    case 'command':
      own.commandLine = target.argv.map(quoteWord).join(' ');
      own.folder = target.cwd ?? '';
      own.stdinFile = target.stdinFile ?? '';
      own.environmentText = Object.entries(target.environment)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n');
      break;
  }
}

function nearestThoroughness(blocks: number): Thoroughness {
  if (blocks <= blocksOf.quick) return 'quick';
  return blocks <= blocksOf.standard ? 'standard' : 'thorough';
}

/** What was compared, in a line: `count-loop in Python`, `train.py: fit`, `python3 train.py`. */
export function nameWork({ workload }: ExperimentPlan): string {
  const { target } = workload;
  if (target === null) return `${workload.id} in ${workload.runtime === 'python' ? 'Python' : 'Node'}`;
  switch (target.kind) {
    case 'module':
      return fileName(target.path);
    case 'function':
      return `${fileName(target.path)}: ${target.functionName}`;
    case 'command':
      return target.argv.map(quoteWord).join(' ');
  }
}

/** How it was compared: `serial, threads, processes with 2 workers`. */
export function nameStrategies({ strategies, workerCounts, memoryLimitBytes }: ExperimentPlan): string {
  const counts = workerCounts.join(', ');
  const limit = memoryLimitBytes === undefined ? '' : `, at most ${formatBytes(memoryLimitBytes)}`;
  return `${strategies.join(', ')} with ${counts} ${counts === '1' ? 'worker' : 'workers'}${limit}`;
}

export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
