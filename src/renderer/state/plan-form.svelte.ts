import type { Objective } from '../../shared/experiment-analysis.ts';
import type { ExperimentPlan } from '../../shared/experiment.ts';
import type {
  AppDescription,
  AppSurroundings,
  InterpreterChoice,
  PythonDescription,
  PythonOffer,
  StrategyOffer,
  StrategyQuestion,
} from '../../shared/ipc.ts';
import type { PlanEstimate } from '../../shared/plan-estimate.ts';
import { planLimits } from '../../shared/plan-limits.ts';
import type { Problem, Result } from '../../shared/result.ts';
import { evenTasks, probingWorkerCounts, scalingWorkerCounts } from '../../shared/worker-counts.ts';
import {
  hasOneWorker,
  strategiesOf,
  strategyIds,
  type ParameterDescription,
  type Runtime,
  type StartMethod,
  type StrategyId,
  type WorkloadDescription,
} from '../../shared/workload.ts';
import { BlockChoice } from './block-choice.svelte.ts';
import { readNumberList, type NumberList } from './number-list.ts';
import { OwnWork } from './own-work.svelte.ts';
import { RunOptions, wholeFaultOf, type RunOptionField } from './run-options.svelte.ts';

/** The fields that can hold what is no plan. */
export type PlanField = 'workers' | 'tasks' | 'precision' | 'budget' | RunOptionField;

/** Chosen to begin with: the question itself, and for commands the same. */
const firstStrategies: readonly StrategyId[] = ['serial', 'threads', 'processes', 'copies'];

/** The workload that stands for the user's own work. */
export const ownWorkloadIds: Readonly<Record<Runtime, string>> = {
  node: 'module',
  python: 'function',
  command: 'command',
};

/** The launch panel's fields, and the plan that they make. */
export class PlanForm {
  readonly description: AppDescription;
  /** The interpreters of this machine; null while they are looked for. */
  surroundings: AppSurroundings | null = $state.raw(null);
  readonly own = new OwnWork();
  readonly blocks = new BlockChoice();
  readonly options = new RunOptions();
  runtime: Runtime = $state('node');
  /** Of the catalogue; `workloadId` is what is to be run. */
  catalogueId: string = $state('');
  usesOwnWork = $state(false);
  params: Record<string, number | string> = $state({});
  strategies: Record<StrategyId, boolean> = $state(
    Object.fromEntries(strategyIds.map((id) => [id, firstStrategies.includes(id)])) as Record<
      StrategyId,
      boolean
    >,
  );
  /** `1, 2, 4` */
  workersText: string = $state('');
  /** Null: as many as all numbers of workers divide. */
  chosenTasks: number | null = $state(null);
  objective: Objective = $state('balanced');
  /** Null: where it pays, see `controlPair`. */
  chosenControlPair: boolean | null = $state(null);
  /** Null: the Python that was found. */
  chosenPython: PythonDescription | null = $state.raw(null);
  startMethod: StartMethod | null = $state(null);
  /** Null until they have been looked for. */
  pythons: readonly PythonOffer[] | null = $state.raw(null);
  #answer: { readonly question: StrategyQuestion; readonly offers: readonly StrategyOffer[] } | null =
    $state.raw(null);
  /** What the engine says of the plan as it is; null until it has. */
  estimate: Result<PlanEstimate> | null = $state.raw(null);

  readonly workers: NumberList = $derived(readNumberList(this.workersText, 'Workers', planLimits.workers));
  readonly workerCounts: readonly number[] = $derived(this.workers.ok ? this.workers.numbers : []);
  readonly tasks: number = $derived(
    this.chosenTasks ?? (this.workers.ok ? evenTasks(this.workers.numbers) : Number.NaN),
  );
  /** An A/A pair costs one run a block and tells what noise does; with one number of workers intervals say enough. */
  readonly controlPair: boolean = $derived(
    this.chosenControlPair ?? (this.blocks.isAutomatic || this.workerCounts.length > 1),
  );

  /** A command is always the user's own. */
  readonly isOwn: boolean = $derived(this.usesOwnWork || this.runtime === 'command');
  readonly workloadId: string = $derived(this.isOwn ? ownWorkloadIds[this.runtime] : this.catalogueId);
  readonly workload: WorkloadDescription | undefined = $derived.by(() =>
    this.isOwn ? undefined : this.description.workloads.find(({ id }) => id === this.catalogueId),
  );

  /** What the engine is to be asked whenever it changes. */
  readonly question: StrategyQuestion = $derived({
    runtime: this.runtime,
    workloadId: this.workloadId,
    pythonPath: this.chosenPython?.path ?? null,
    workers: Math.max(1, ...this.workerCounts),
  });
  /** All that the runtime has; until the engine has answered, as if all could run. */
  readonly offers: readonly StrategyOffer[] = $derived.by(() => {
    const asked = this.#answer?.question;
    const isAnswer = asked?.runtime === this.runtime && asked.workloadId === this.workloadId;
    if (this.#answer !== null && isAnswer) return this.#answer.offers;
    return strategiesOf[this.runtime].map((strategy) => ({ strategy, available: true }));
  });
  readonly chosenStrategies: readonly StrategyId[] = $derived(
    this.offers.filter((offer) => offer.available && this.strategies[offer.strategy]).map((o) => o.strategy),
  );
  /** Of automatic blocks the most there may be. */
  readonly runCount: number = $derived.by(() => {
    const most = Math.max(1, this.tasks);
    const several =
      this.workerCounts.filter((count) => count < most).length +
      Number(this.workerCounts.some((count) => count >= most));
    const cells = this.chosenStrategies.reduce((sum, id) => sum + (hasOneWorker(id) ? 1 : several), 0);
    return (
      cells * (this.blocks.count + this.options.warmUpBlocks) + (this.controlPair ? this.blocks.count : 0)
    );
  });

  /** What runs Python: the one that was chosen, or that was found; null where there is none, or none yet. */
  readonly python: PythonDescription | null = $derived.by(() => {
    const found = this.surroundings?.python;
    return this.chosenPython ?? (found?.ok === true ? found.value : null);
  });
  /** What runs the work; null for a command, which brings its own, and while it is looked for. */
  readonly interpreter: Result<InterpreterChoice> | null = $derived.by(() => {
    if (this.runtime === 'command') return null;
    if (this.runtime === 'python' && this.chosenPython !== null) {
      return { ok: true, value: this.chosenPython };
    }
    return this.surroundings?.[this.runtime] ?? null;
  });
  readonly interpreterProblem: Problem | null = $derived.by(() =>
    this.interpreter === null || this.interpreter.ok ? null : this.interpreter.problem,
  );
  /** Those of the Python that will run; empty where that is not known. */
  readonly startMethods: readonly StartMethod[] = $derived(
    this.runtime === 'python' ? (this.python?.startMethods ?? []) : [],
  );

  /** In words, what is wrong with a field; null where nothing is. */
  readonly faults: Readonly<Record<PlanField, string | null>> = $derived({
    workers: this.workers.ok ? null : this.workers.reason,
    // What follows from the workers is right where they are.
    tasks:
      this.chosenTasks === null ? null : wholeFaultOf('Tasks', this.chosenTasks, planLimits.tasks, false),
    ...this.blocks.faults,
    ...this.options.faults,
  });

  /** Why no plan can be made of the fields as they are; null where one can. */
  readonly obstacle: string | null = $derived.by(() => {
    const interpreter = this.interpreterProblem;
    if (interpreter !== null) return interpreter.message;
    const target = this.isOwn ? this.own.target(this.runtime) : null;
    if (typeof target === 'string') return target;
    if (this.chosenStrategies.length === 0) return 'Choose at least one strategy.';
    const fieldFault = Object.values(this.faults).find((fault) => fault !== null);
    if (fieldFault !== undefined) return fieldFault;
    for (const parameter of this.workload?.parameters ?? []) {
      const fault = describeFault(parameter, this.params[parameter.name]);
      if (fault !== null) return fault;
    }
    return null;
  });

  constructor(description: AppDescription) {
    this.description = description;
    this.workersText = this.workerPresets.probe;
    this.chooseWorkload(description.workloads[0]?.id ?? '');
  }

  /** What is proposed for the number of workers: as many as cores, how it scales up to there, and beyond. */
  get workerPresets(): Readonly<Record<'cores' | 'scale' | 'probe', string>> {
    const { usableCores } = this.description;
    return {
      cores: String(scalingWorkerCounts(usableCores).at(-1)),
      scale: scalingWorkerCounts(usableCores).join(', '),
      probe: probingWorkerCounts(usableCores).join(', '),
    };
  }

  chooseRuntime(runtime: Runtime): void {
    this.runtime = runtime;
    this.#resetParams();
  }

  chooseWorkload(id: string): void {
    this.usesOwnWork = false;
    this.catalogueId = id;
    this.#resetParams();
  }

  chooseOwnWork(): void {
    this.usesOwnWork = true;
  }

  choosePython(python: PythonDescription): void {
    const found = this.surroundings?.python;
    this.chosenPython = found?.ok === true && found.value.path === python.path ? null : python;
    if (this.startMethod !== null && !python.startMethods.includes(this.startMethod)) this.startMethod = null;
  }

  /** Takes a file of the user's; null where that went well, otherwise why not. */
  takeFile(path: string): string | null {
    const taken = this.own.takeFile(path);
    if ('reason' in taken) return taken.reason;
    this.chooseRuntime(taken.runtime);
    this.chooseOwnWork();
    return null;
  }

  runAsScript(): void {
    this.own.takeAsScript(this.interpreter?.ok === true ? this.interpreter.value.path : 'python3');
    this.chooseRuntime('command');
  }

  receiveOffers(question: StrategyQuestion, offers: readonly StrategyOffer[]): void {
    this.#answer = { question, offers };
  }

  /** A plan of the fields, which must be without obstacle; the engine checks it once more. */
  toPlan(seed: number): ExperimentPlan {
    const target = this.isOwn ? this.own.target(this.runtime) : null;
    if (typeof target === 'string') throw new Error(`a plan was asked for in spite of: ${target}`);
    return {
      workload: {
        id: this.workloadId,
        runtime: this.runtime,
        target,
        params: this.isOwn ? {} : $state.snapshot(this.params),
        tasks: this.tasks,
      },
      strategies: [...this.chosenStrategies],
      workerCounts: [...this.workerCounts],
      ...this.blocks.toPlanPart(),
      ...(this.controlPair ? { controlPair: true } : {}),
      objective: this.objective,
      ...this.options.toPlanPart(),
      seed: Number.isNaN(this.options.seed) ? seed : this.options.seed,
      pythonPath: this.runtime === 'python' ? (this.chosenPython?.path ?? null) : null,
      startMethod: this.runtime === 'python' ? this.startMethod : null,
    };
  }

  /** Defaults differ by runtime, so a change of either brings them back. */
  #resetParams(): void {
    const { runtime } = this;
    if (runtime === 'command') return;
    const workload = this.description.workloads.find(({ id }) => id === this.catalogueId);
    this.params = Object.fromEntries(
      (workload?.parameters ?? []).map(({ name, defaults }) => [name, defaults[runtime]]),
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
