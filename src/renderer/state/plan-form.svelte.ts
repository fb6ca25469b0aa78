import type { ExperimentPlan } from '../../shared/experiment.ts';
import type { AppDescription } from '../../shared/ipc.ts';
import type { Problem } from '../../shared/result.ts';
import {
  strategyIds,
  type Runtime,
  type StrategyId,
  type WorkloadDescription,
} from '../../shared/workload.ts';

export type Thoroughness = 'quick' | 'standard' | 'thorough';

/** Measured blocks: fewer give an answer sooner, more give a narrower interval. */
export const blocksOf: Readonly<Record<Thoroughness, number>> = { quick: 3, standard: 7, thorough: 15 };

const warmUpBlocks = 1;
const timeoutMs = 60_000;

/** The launch panel's fields, and the plan that they make. */
export class PlanForm {
  readonly description: AppDescription;
  runtime: Runtime = $state('node');
  workloadId: string = $state('');
  params: Record<string, number> = $state({});
  strategies: Record<StrategyId, boolean> = $state({ serial: true, threads: true, processes: true });
  workers: number = $state(2);
  tasks: number = $state(2);
  thoroughness: Thoroughness = $state('standard');

  readonly workload: WorkloadDescription | undefined = $derived.by(() =>
    this.description.workloads.find(({ id }) => id === this.workloadId),
  );
  readonly chosenStrategies: readonly StrategyId[] = $derived(
    strategyIds.filter((id) => this.strategies[id]),
  );
  readonly runCount: number = $derived(
    this.chosenStrategies.length * (blocksOf[this.thoroughness] + warmUpBlocks),
  );

  /** Why no plan can be made of the fields as they are; null where one can. */
  readonly obstacle: string | null = $derived.by(() => {
    const interpreter = this.interpreterProblem;
    if (interpreter !== null) return interpreter.message;
    if (this.chosenStrategies.length === 0) return 'Choose at least one strategy.';
    if (!isCount(this.workers, 1, 256)) return 'Workers must be a whole number from 1 to 256.';
    if (!isCount(this.tasks, 1, 10_000)) return 'Tasks must be a whole number from 1 to 10 000.';
    for (const { name, label, min, max, integer } of this.workload?.parameters ?? []) {
      const value = this.params[name];
      if (value === undefined || !(value >= min && value <= max) || (integer && !Number.isInteger(value))) {
        return `${label} must be ${integer ? 'a whole number ' : ''}from ${min} to ${max}.`;
      }
    }
    return null;
  });

  readonly interpreterProblem: Problem | null = $derived.by(() => {
    const choice = this.description[this.runtime];
    return choice.ok ? null : choice.problem;
  });

  constructor(description: AppDescription) {
    this.description = description;
    // On a single core two workers are still the question: the answer is then that they gain nothing.
    this.workers = Math.max(2, description.usableCores);
    this.tasks = this.workers;
    this.chooseWorkload(description.workloads[0]?.id ?? '');
  }

  chooseRuntime(runtime: Runtime): void {
    this.runtime = runtime;
    this.#resetParams();
  }

  chooseWorkload(id: string): void {
    this.workloadId = id;
    this.#resetParams();
  }

  /** A plan of the fields; the engine checks it once more. */
  toPlan(seed: number): ExperimentPlan {
    return {
      workload: {
        id: this.workloadId,
        runtime: this.runtime,
        params: $state.snapshot(this.params),
        tasks: this.tasks,
      },
      strategies: [...this.chosenStrategies],
      workers: this.workers,
      blocks: blocksOf[this.thoroughness],
      warmUpBlocks,
      timeoutMs,
      seed,
      pythonPath: null,
    };
  }

  /** Defaults differ by runtime, so a change of either brings them back. */
  #resetParams(): void {
    const { workload } = this;
    this.params = Object.fromEntries(
      (workload?.parameters ?? []).map(({ name, defaults }) => [name, defaults[this.runtime]]),
    );
  }
}

function isCount(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
