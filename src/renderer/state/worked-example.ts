import type { Estimate } from '../../shared/experiment-analysis.ts';
import type { Experiment, ExperimentPlan, StrategyResult } from '../../shared/experiment.ts';
import { factorDigits } from '../../shared/format.ts';
import { strategyIds, type StrategyId } from '../../shared/workload.ts';
import type { PlanForm } from './plan-form.svelte.ts';

/**
 * The example that a first-time user starts with: work in Python that only computes, with two threads and with two
 * processes. What it says is made of what was measured: on a Python without the lock the words are others.
 */
const exampleWorkload = 'count-loop';
const exampleStrategies: readonly StrategyId[] = ['serial', 'threads', 'processes'];
const exampleWorkers = 2;
/** Twelve runs of about a second each, and Python's start. */
export const exampleLasts = 'about 20 s';

export function fillExample(form: PlanForm): void {
  form.chooseWorkload(exampleWorkload);
  form.chooseRuntime('python');
  for (const strategy of strategyIds) form.strategies[strategy] = exampleStrategies.includes(strategy);
  form.workersText = String(exampleWorkers);
  form.chosenTasks = null;
  form.chosenControlPair = false;
  form.blocks.thoroughness = 'quick';
  form.startMethod = null;
}

export function isExample({ workload, workerCounts }: ExperimentPlan): boolean {
  return (
    workload.id === exampleWorkload &&
    workload.runtime === 'python' &&
    workerCounts.length === 1 &&
    workerCounts[0] === exampleWorkers
  );
}

/** What to look at while that strategy runs; null: between two runs. */
export function watchingAdvice(strategy: StrategyId | null): string {
  switch (strategy) {
    case 'serial':
      return 'Now one worker counts alone. In "Cores over time" one core’s worth of work lights up. This is what the others are compared with.';
    case 'threads':
      return 'Now two threads of one Python share the work. Does more than one core’s worth light up? With the GIL they take turns, and it does not.';
    case 'processes':
      return 'Now two Python processes share the work. Each has an interpreter and a lock of its own, so two cores can light up together.';
    default:
      return 'The same counting is about to run alone, on two threads and on two processes, in random order. Watch "Cores over time".';
  }
}

/** A gain below this is not worth a second worker. */
const worthHaving = 1.1;
/** Two workers that take turns can hardly be this much faster than one. */
const tooMuchForTurns = 1.4;

type Gain = 'gained' | 'gained-nothing' | 'unclear';

/** What the interval says, not its middle: three blocks on a busy machine can leave it open. */
function gainOf({ ci95: [low, high] }: Estimate): Gain {
  if (low >= worthHaving) return 'gained';
  return high < tooMuchForTurns ? 'gained-nothing' : 'unclear';
}

/** The answer in words, from what was measured. */
export function explainOutcome({ strategies }: Pick<Experiment, 'strategies'>): string {
  const threads = speedupOf(strategies, 'threads');
  const processes = speedupOf(strategies, 'processes');
  if (threads === null || processes === null) {
    return 'Not enough runs finished to say anything. The result below tells why.';
  }
  const speeds = `Two threads were ${factorDigits(threads.median)} times as fast as one worker, two processes ${factorDigits(processes.median)} times.`;
  const gains = { threads: gainOf(threads), processes: gainOf(processes) };
  if (gains.threads === 'unclear' || gains.processes === 'unclear') {
    return `${speeds} The runs differ too much among themselves to tell more: other programs kept the cores busy. Try again on a quiet machine.`;
  }
  if (gains.threads === 'gained') {
    return `${speeds} Threads gained, so no lock held them back: this Python runs without the GIL.`;
  }
  return gains.processes === 'gained'
    ? `${speeds} So this Python’s threads took turns: the GIL binds this work, and processes are the way out.`
    : `${speeds} Neither gained: only about one core was free for this. Try again on a quiet machine, or on one with more cores.`;
}

function speedupOf(strategies: readonly StrategyResult[], strategy: StrategyId): Estimate | null {
  return strategies.find((each) => each.strategy === strategy)?.speedup ?? null;
}
