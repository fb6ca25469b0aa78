import type { WorkerExit, WorkerInfo } from '../../shared/experiment-event.ts';
import type { SessionMs } from '../../shared/units.ts';
import type { CatalogueRuntime, StrategyId, WorkloadParams, WorkTarget } from '../../shared/workload.ts';
import type { SessionClock } from '../clock.ts';
import { startRun, type HostFiles, type RunOutcome, type RunRemains } from '../runner/run.ts';
import type { Sampler } from '../sampler/index.ts';
import { TreeWatch } from '../watch/tree-watch.ts';
import type { WorkTimes } from './figures.ts';

export interface TrialTools {
  readonly clock: SessionClock;
  readonly sampler: Sampler;
  readonly hostFiles: HostFiles;
  readonly interpreterPath: string;
  readonly signal: AbortSignal;
}

export interface TrialRequest {
  readonly runtime: CatalogueRuntime;
  readonly workloadId: string;
  readonly target?: WorkTarget;
  readonly params?: WorkloadParams;
  readonly strategy: StrategyId;
  readonly workers: number;
  readonly tasks: number;
  /** A dying worker is what is looked at. */
  readonly observe?: true;
  /** The worker with task 0 is killed from outside as soon as it has begun. */
  readonly killFirst?: true;
}

export interface Trial {
  readonly outcome: RunOutcome & RunRemains;
  readonly peakPssBytes: number | null;
  readonly exits: readonly WorkerExit[];
  /** From the signal until the end of that worker was known; null where none was sent, or it did not end. */
  readonly killedMs: number | null;
}

/** More than any of them takes on a slow machine, and short enough that one that hangs costs little of two minutes. */
const timeoutMs = 15_000;

/** One run, watched from its start. Cancelled together with the battery. */
export async function runTrial(request: TrialRequest, tools: TrialTools): Promise<Trial> {
  const { sampler, clock, signal } = tools;
  const workers = new Map<number, WorkerInfo>();
  const exits: WorkerExit[] = [];
  let sentMs: SessionMs | null = null;
  let killedMs: number | null = null;

  function killWorker(index: number): void {
    const worker = workers.get(index);
    if (request.killFirst !== true || worker === undefined || sentMs !== null) return;
    sentMs = clock.nowMs();
    process.kill(worker.pid, 'SIGKILL');
  }

  const handle = startRun(
    {
      runtime: request.runtime,
      workloadId: request.workloadId,
      target: request.target ?? null,
      params: request.params ?? {},
      strategy: request.strategy,
      workers: request.workers,
      tasks: request.tasks,
      ...(request.observe === true || request.killFirst === true ? { onWorkerFailure: 'observe' } : {}),
      timeoutMs,
      interpreterPath: tools.interpreterPath,
      hostFiles: tools.hostFiles,
    },
    { clock },
    (progress) => {
      if (progress.type === 'worker-ready') workers.set(progress.worker.index, progress.worker);
      if (progress.type === 'task-started' && progress.task === 0) killWorker(progress.worker ?? 0);
      if (progress.type === 'worker-exited') {
        exits.push(progress.exit);
        if (sentMs !== null && progress.exit.index === 0) killedMs ??= Math.max(0, progress.atMs - sentMs);
      }
    },
  );
  const { hostPid } = handle;
  const watch = hostPid === null ? null : new TreeWatch({ rootPid: hostPid, fromStart: true });
  const unsubscribe = sampler.subscribe((message) => watch?.receive(message));
  if (hostPid !== null) sampler.watch({ pid: hostPid, owner: 'run' });
  const cancel = (): void => void handle.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    const outcome = await handle.outcome;
    const summary = watch?.summary(0, clock.nowMs());
    return { outcome, peakPssBytes: summary?.peakPssBytes ?? null, exits, killedMs };
  } finally {
    signal.removeEventListener('abort', cancel);
    unsubscribe();
    if (hostPid !== null) sampler.unwatch(hostPid);
  }
}

/** What the workload measured itself, of all workers; null where it did not finish or told nothing of that name. */
export function metricOf({ outcome }: Trial, name: string): number | null {
  if (outcome.state !== 'finished') return null;
  return outcome.metrics.find((metric) => metric.name === name)?.value ?? null;
}

/** Null where it did not finish. */
export function timesOf({ outcome }: Trial): WorkTimes | null {
  if (outcome.state !== 'finished') return null;
  const { wallMs, startupMs, workMs, tearDownMs, cpuSeconds } = outcome;
  return {
    wallMs,
    workMs,
    overheadMs: startupMs + tearDownMs,
    // The CPU time is that of starting and ending, too.
    cores: cpuSeconds === null || wallMs <= 0 ? null : (cpuSeconds * 1000) / wallMs,
  };
}
