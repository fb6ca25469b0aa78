import type { Experiment, ExperimentPlan } from '../../shared/experiment.ts';
import type { ExperimentEvent, PlannedRun, WorkerInfo } from '../../shared/experiment-event.ts';
import type { Problem } from '../../shared/result.ts';
import type { SessionMs } from '../../shared/units.ts';
import type { RunBand } from '../charts/run-bands.ts';
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
      case 'readiness':
      case 'looked':
      case 'paused':
      case 'resumed':
      case 'host-ready':
      case 'work-started':
      case 'task-started':
      case 'task-finished':
      case 'worker-exited':
      case 'gil':
      case 'metric':
      case 'note':
      case 'work-finished':
      case 'output':
        break;
    }
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

  #endBand(endMs: SessionMs): void {
    const last = this.bands.at(-1);
    if (last?.endMs === null) this.bands = [...this.bands.slice(0, -1), { ...last, endMs }];
  }

  #noteTrouble(event: ExperimentEvent & { type: 'run-ended' }): void {
    const { record, run } = event;
    const name = `Run ${run.order} (${run.strategy} × ${run.workers})`;
    if (record.state === 'failed') {
      this.troubles = [
        ...this.troubles,
        `${name} failed: ${record.problem.message} ${record.problem.advice}`,
      ];
    } else if (record.state === 'timed-out') {
      this.troubles = [...this.troubles, `${name} was ended after ${Math.round(record.afterMs / 1000)} s.`];
    }
  }
}

function bandOf(run: PlannedRun, startMs: SessionMs): RunBand {
  const { strategy, workers, warmUp } = run;
  return { label: `${strategy} × ${workers}`, strategy, warmUp, startMs, endMs: null };
}
