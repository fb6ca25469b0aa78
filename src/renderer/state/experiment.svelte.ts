import type { Experiment, ExperimentPlan, ReadinessNote } from '../../shared/experiment.ts';
import type { ExperimentEvent, PlannedRun, WorkerInfo } from '../../shared/experiment-event.ts';
import { formatDuration, formatPercent } from '../../shared/format.ts';
import type { Problem } from '../../shared/result.ts';
import type { SessionMs } from '../../shared/units.ts';
import { strategyName } from '../../shared/strategy-name.ts';
import type { RunBand } from '../charts/run-bands.ts';
import { runName, type DisturbedRun } from './disturbed-runs.ts';
import { WorkOutput } from './work-output.svelte.ts';

/** Where the experiment on screen stands. */
export type ExperimentStatus =
  | { readonly state: 'idle' }
  | { readonly state: 'running' }
  | { readonly state: 'cancelling' }
  | { readonly state: 'finished'; readonly experiment: Experiment }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly problem: Problem };

/** More runs than the timeline's history can show apart. */
const mostBands = 2000;

/** Follows the events of an experiment; everything on screen that is not a sample comes from here. */
export class ExperimentState {
  status: ExperimentStatus = $state.raw({ state: 'idle' });
  plan: ExperimentPlan | null = $state.raw(null);
  bands: readonly RunBand[] = $state.raw([]);
  /** Workers of this run and the one before, whose last samples may still be on their way. */
  workers: readonly (WorkerInfo & { readonly order: number })[] = $state.raw([]);
  current: PlannedRun | null = $state.raw(null);
  completedRuns = $state(0);
  totalRuns = $state(0);
  remainingMs: number | null = $state(null);
  /** Runs that did not finish, worst first; shown even when the experiment as a whole goes on. */
  troubles: readonly string[] = $state.raw([]);
  readonly output = new WorkOutput();
  /** What was found wrong with the machine before the first run. */
  readiness: readonly ReadinessNote[] = $state.raw([]);
  /** What disturbed which run, the newest last; such runs count all the same. */
  disturbed: readonly DisturbedRun[] = $state.raw([]);
  /** A pause begins when the run under way has ended. */
  pause: 'none' | 'asked' | 'paused' = $state('none');
  /** Of automatic blocks: how narrow the widest interval is by now. */
  lastLook: string | null = $state(null);

  get isBusy(): boolean {
    return this.status.state === 'running' || this.status.state === 'cancelling';
  }

  receive(event: ExperimentEvent): void {
    this.output.receive(event);
    switch (event.type) {
      case 'planned':
        this.plan = event.plan;
        this.status = { state: 'running' };
        this.completedRuns = 0;
        this.totalRuns = event.runs.length;
        this.remainingMs = null;
        this.current = null;
        this.troubles = [];
        this.readiness = [];
        this.disturbed = [];
        this.pause = 'none';
        this.lastLook = null;
        break;
      case 'readiness':
        this.readiness = event.notes;
        break;
      case 'looked':
        this.lastLook = describeLook(event);
        break;
      case 'paused':
        this.pause = 'paused';
        break;
      case 'resumed':
        this.pause = 'none';
        break;
      case 'run-started':
        this.current = event.run;
        this.workers = this.workers.filter(({ order }) => order === event.run.order - 1);
        this.bands = [...this.bands.slice(1 - mostBands), bandOf(event.run, event.atMs)];
        break;
      case 'worker-ready':
        this.workers = [...this.workers, { ...event.worker, order: event.order }];
        break;
      case 'run-ended':
        this.#endBand(event.atMs);
        this.completedRuns = event.completedRuns;
        this.remainingMs = event.remainingMs;
        this.#noteTrouble(event);
        this.#noteDisturbances(event);
        break;
      case 'finished':
        this.status = { state: 'finished', experiment: event.experiment };
        this.current = null;
        break;
      case 'cancelled':
        this.#endBand(event.atMs);
        this.status = { state: 'cancelled' };
        this.current = null;
        break;
      case 'failed':
        this.#endBand(event.atMs);
        this.status = { state: 'failed', problem: event.problem };
        this.current = null;
        break;
      case 'work-started':
        this.#markWork({ workStartMs: event.atMs });
        break;
      case 'work-finished':
        this.#markWork({ workEndMs: event.atMs });
        break;
      case 'host-ready':
      case 'task-started':
      case 'task-finished':
      case 'worker-exited':
      case 'gil':
      case 'metric':
      case 'note':
      case 'output':
      case 'mark':
        break;
    }
    if (!this.isBusy) this.pause = 'none';
  }

  /** A refusal that came before any event: the plan was not accepted. */
  refuse(problem: Problem): void {
    this.status = { state: 'failed', problem };
  }

  markCancelling(): void {
    if (this.status.state === 'running') {
      this.status = { state: 'cancelling' };
    }
  }

  /** `paused`: as it was asked for; the run under way is measured to its end. */
  askToPause(paused: boolean): void {
    if (this.status.state !== 'running') return;
    this.pause = paused ? 'asked' : 'none';
  }

  #markWork(work: Pick<RunBand, 'workStartMs' | 'workEndMs'>): void {
    const last = this.bands.at(-1);
    if (last?.endMs === null) this.bands = [...this.bands.slice(0, -1), { ...last, ...work }];
  }

  #endBand(endMs: SessionMs): void {
    const last = this.bands.at(-1);
    if (last?.endMs === null) this.bands = [...this.bands.slice(0, -1), { ...last, endMs }];
  }

  #noteTrouble(event: ExperimentEvent & { type: 'run-ended' }): void {
    const { record, run } = event;
    const name = `Run ${run.order} (${strategyName(run)})`;
    if (record.state === 'failed') {
      this.troubles = [
        ...this.troubles,
        `${name} failed: ${record.problem.message} ${record.problem.advice}`,
      ];
    } else if (record.state === 'timed-out') {
      this.troubles = [...this.troubles, `${name} was ended after ${Math.round(record.afterMs / 1000)} s.`];
    }
  }

  #noteDisturbances({ record, run }: ExperimentEvent & { type: 'run-ended' }): void {
    if (record.state !== 'finished' || record.disturbances.length === 0) return;
    this.disturbed = [...this.disturbed, { run: runName(run), disturbances: record.disturbances }];
  }
}

function describeLook({
  blocks,
  halfWidth,
  targetHalfWidth,
  spentMs,
  budgetMs,
}: ExperimentEvent & { type: 'looked' }): string {
  const width = halfWidth === null ? 'no interval yet' : `within ± ${formatPercent(halfWidth)}`;
  return `${blocks} ${blocks === 1 ? 'block' : 'blocks'}: ${width} of ± ${formatPercent(targetHalfWidth)}, ${formatDuration(spentMs)} of ${formatDuration(budgetMs)}`;
}

function bandOf(run: PlannedRun, startMs: SessionMs): RunBand {
  const { strategy, warmUp } = run;
  return { label: strategyName(run), strategy, warmUp, startMs, endMs: null };
}
