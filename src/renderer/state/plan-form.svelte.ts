import type { ExperimentPlan } from '../../shared/experiment.ts';
import type { AppDescription } from '../../shared/ipc.ts';
import type { Problem } from '../../shared/result.ts';
import {
  type CatalogueRuntime,
  type StrategyId,
  type ParameterDescription,
  type WorkloadDescription,
} from '../../shared/workload.ts';

export type Thoroughness = 'quick' | 'standard' | 'thorough';

/** Measured blocks: fewer give an answer sooner, more give a narrower interval. */
export const blocksOf: Readonly<Record<Thoroughness, number>> = { quick: 3, standard: 7, thorough: 15 };

/** The strategies that the panel offers. */
export const offeredStrategies = ['serial', 'threads', 'processes'] as const satisfies readonly StrategyId[];
export type OfferedStrategy = (typeof offeredStrategies)[number];

const warmUpBlocks = 1;
const timeoutMs = 60_000;

/** The launch panel's fields, and the plan that they make. */
export class PlanForm {
  readonly description: AppDescription;
  runtime: CatalogueRuntime = $state('node');
  workloadId: string = $state('');
  params: Record<string, number | string> = $state({});
  strategies: Record<OfferedStrategy, boolean> = $state({ serial: true, threads: true, processes: true });
  workers: number = $state(2);
  tasks: number = $state(2);
  thoroughness: Thoroughness = $state('standard');

  readonly workload: WorkloadDescription | undefined = $derived.by(() =>
    this.description.workloads.find(({ id }) => id === this.workloadId),
  );
  readonly chosenStrategies: readonly StrategyId[] = $derived(
    offeredStrategies.filter((id) => this.strategies[id]),
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
    for (const parameter of this.workload?.parameters ?? []) {
      const fault = describeFault(parameter, this.params[parameter.name]);
      if (fault !== null) return fault;
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

  chooseRuntime(runtime: CatalogueRuntime): void {
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
        target: null,
        params: $state.snapshot(this.params),
        tasks: this.tasks,
      },
      strategies: [...this.chosenStrategies],
      workerCounts: [this.workers],
      blocks: blocksOf[this.thoroughness],
      warmUpBlocks,
      timeoutMs,
      seed,
      pythonPath: null,
      startMethod: null,
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

function describeFault(parameter: ParameterDescription, value: number | string | undefined): string | null {
  if (parameter.type === 'choice') {
    const { label, choices } = parameter;
    return choices.some((choice) => choice === value)
      ? null
      : `${label} must be one of ${choices.join(', ')}.`;
  }
  const { label, min, max, integer } = parameter;
  if (typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value))) {
    return null;
  }
  return `${label} must be ${integer ? 'a whole number ' : ''}from ${min} to ${max}.`;
}

function isCount(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
