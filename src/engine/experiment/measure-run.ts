import type {
  Disturbance,
  ExperimentPlan,
  InterpreterInfo,
  RunRecord,
  RunUsage,
} from '../../shared/experiment.ts';
import type { ExperimentEvent, PlannedRun } from '../../shared/experiment-event.ts';
import type { SessionMs } from '../../shared/units.ts';
import { reportFault } from '../analysis/faults.ts';
import type { RunTrace } from '../analysis/trace.ts';
import { readAvailableMemory } from '../runner/available-memory.ts';
import { startRun, type RunOutcome, type RunProgress } from '../runner/run.ts';
import { findWorkload } from '../workloads/index.ts';
import { findDisturbances } from './disturbances.ts';
import type { ExperimentTools } from './experiment-tools.ts';
import { readMachineCounters } from './machine-counters.ts';
import { watchMemory, type MemoryWatch } from './memory-limit.ts';
import type { MemoryPeaks } from './peak-memory.ts';
import { createWorkerTimes, describeUsage } from './run-usage.ts';
import type { OpenTrace, TraceRecorder } from './trace-recorder.ts';

export interface MeasuredRun {
  readonly record: RunRecord;
  /** Null where no host could be started. */
  readonly trace: RunTrace | null;
  /** Null where the run did not get so far as to tell. */
  readonly interpreter: InterpreterInfo | null;
}

/** One run from spawn to exit, watched by the sampler throughout. */
export async function measureRun(
  run: PlannedRun,
  plan: ExperimentPlan,
  tools: ExperimentTools,
  recorder: TraceRecorder,
  onEvent: (event: ExperimentEvent) => void,
  signal: AbortSignal,
): Promise<MeasuredRun> {
  const { clock, sampler } = tools;
  const { order } = run;
  const hostStartMs = clock.nowMs();
  let interpreter: InterpreterInfo | null = null;
  let trace: OpenTrace | null = null;
  const workerTimes = createWorkerTimes();
  const countersBefore = readMachineCounters();
  const isFault = findWorkload(plan.workload.id)?.kind === 'fault';
  const told: RunProgress[] = [];

  const onProgress = (progress: RunProgress): void => {
    const { atMs } = progress;
    if (isFault && progress.type !== 'output') told.push(progress);
    switch (progress.type) {
      case 'ready':
        interpreter = progress.interpreter;
        onEvent({ type: 'host-ready', order, interpreter: progress.interpreter, atMs });
        break;
      case 'work-started':
        trace?.workStarted(atMs);
        onEvent({ type: 'work-started', order, atMs });
        break;
      case 'worker-ready': {
        const { worker } = progress;
        if (worker.tid !== null && worker.tid !== worker.pid) {
          sampler.nameThread(worker.pid, worker.tid, worker.name);
        }
        onEvent({ type: 'worker-ready', order, worker, atMs });
        break;
      }
      case 'gil':
        if (interpreter !== null) interpreter = { ...interpreter, gilEnabled: progress.enabled };
        onEvent({ ...progress, order });
        break;
      // Ten thousand times in some runs: a spread takes ten times as long as naming what there is.
      case 'task-started': {
        const { task, worker } = progress;
        workerTimes.started(worker, atMs);
        onEvent({ type: 'task-started', order, task, worker, atMs });
        break;
      }
      case 'task-finished': {
        const { task, worker } = progress;
        workerTimes.finished(worker, atMs);
        onEvent({ type: 'task-finished', order, task, worker, atMs });
        break;
      }
      case 'worker-exited':
      case 'metric':
      case 'note':
      case 'mark':
        onEvent({ ...progress, order });
        break;
      case 'work-finished':
        trace?.workEnded(atMs);
        onEvent({ ...progress, order });
        break;
      case 'output': {
        const { stream, text, skippedBytes } = progress;
        onEvent({ type: 'output', order, stream, text, skippedBytes, atMs });
        break;
      }
    }
  };

  const handle = startRun(
    {
      runtime: plan.workload.runtime,
      workloadId: plan.workload.id,
      target: plan.workload.target,
      params: plan.workload.params,
      tasks: plan.workload.tasks,
      strategy: run.strategy,
      workers: run.workers,
      startMethod: plan.startMethod,
      seed: plan.seed,
      // Work that dies on purpose: what survives it is the question.
      onWorkerFailure: isFault ? 'observe' : 'stop',
      timeoutMs: plan.timeoutMs,
      interpreterPath: tools.interpreter.path,
      hostFiles: tools.hostFiles,
      ...(plan.niceLevel === undefined ? {} : { limits: { niceLevel: plan.niceLevel } }),
    },
    { clock },
    onProgress,
  );
  const { hostPid, cgroupCpuFile } = handle;
  let memory: MemoryWatch | null = null;
  if (hostPid !== null) {
    sampler.watch({ pid: hostPid, owner: 'run', ...(cgroupCpuFile === null ? {} : { cgroupCpuFile }) });
    memory = watchMemory({
      sampler,
      hostPid,
      limitBytes: plan.memoryLimitBytes ?? null,
      readAvailable: readAvailableMemory,
      onExceeded: (problem) => void handle.stop(problem),
    });
    trace = recorder.open(run, hostPid, hostStartMs);
    onEvent({ type: 'run-started', run, hostPid, atMs: hostStartMs });
  }
  const cancel = (): void => void handle.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    const outcome = await handle.outcome;
    const endMs = clock.nowMs();
    if (!signal.aborted) await recorder.frameAfter(endMs, 3 * tools.samplerEveryMs);
    const closed = trace?.close(endMs) ?? null;
    const observation = closed?.observation ?? null;
    const finished = outcome.state === 'finished' ? outcome : null;
    // The kernel's own account, shortest-lived processes and the host's start included.
    const treeCpuMs = outcome.cgroupCpuSeconds === null ? null : outcome.cgroupCpuSeconds * 1000;
    const usage = describeUsage({
      observation,
      atWorkMs: workerTimes.atWorkMs(),
      workers: run.workers,
      wallMs: finished?.wallMs ?? Number.NaN,
      cpuSeconds: finished?.cpuSeconds ?? null,
      startMs: hostStartMs,
      hasQuota: (recorder.topology?.usable.quotaCores ?? null) !== null,
      usableCores: recorder.topology?.usable.count ?? null,
      treeCpuMs,
    });
    const disturbances = findDisturbances(observation, treeCpuMs, countersBefore, readMachineCounters());
    const samples = closed?.trace ?? null;
    const peaks = closed === null ? noPeaks : closed.memory.result(timeAtWork(closed.trace, outcome));
    const record = toRecord(run, outcome, peaks, usage, disturbances);
    if (!isFault || outcome.state === 'cancelled') return { record, trace: samples, interpreter };
    const fault = reportFault({ tasks: plan.workload.tasks, events: told, outcome, endedAtMs: endMs });
    return { record: { ...record, fault }, trace: samples, interpreter };
  } finally {
    signal.removeEventListener('abort', cancel);
    memory?.close();
    if (hostPid !== null) sampler.unwatch(hostPid);
  }
}

export function identityOf(run: PlannedRun): Pick<RunRecord, 'order' | 'block' | 'warmUp'> {
  return { order: run.order, block: run.block, warmUp: run.warmUp };
}

const noPeaks: MemoryPeaks = { rssBytes: null, pssBytes: null };

/** From when all workers were ready until the last task's end. */
function timeAtWork(
  { workStartMs }: RunTrace,
  outcome: RunOutcome,
): { readonly fromMs: SessionMs; readonly toMs: SessionMs } | null {
  if (outcome.state !== 'finished' || workStartMs === null) return null;
  const fromMs = workStartMs + outcome.startupMs;
  return { fromMs, toMs: fromMs + outcome.workMs };
}

function toRecord(
  run: PlannedRun,
  outcome: RunOutcome,
  peaks: MemoryPeaks,
  usage: RunUsage,
  disturbances: readonly Disturbance[],
): RunRecord {
  const identity = identityOf(run);
  switch (outcome.state) {
    case 'finished':
      return {
        ...identity,
        state: 'finished',
        wallMs: outcome.wallMs,
        startupMs: outcome.startupMs,
        workMs: outcome.workMs,
        tearDownMs: outcome.tearDownMs,
        messageMs: outcome.messageMs,
        cpuSeconds: outcome.cpuSeconds,
        effectiveCores: outcome.cpuSeconds === null ? null : outcome.cpuSeconds / (outcome.wallMs / 1000),
        peakRssBytes: peaks.rssBytes,
        peakPssBytes: peaks.pssBytes,
        checksum: outcome.checksum,
        lostTasks: outcome.lostTasks,
        metrics: outcome.metrics,
        notes: outcome.notes,
        usage,
        disturbances,
      };
    case 'failed':
      return { ...identity, state: 'failed', problem: outcome.problem };
    case 'timed-out':
      return { ...identity, state: 'timed-out', afterMs: outcome.afterMs };
    case 'cancelled':
      return { ...identity, state: 'cancelled' };
  }
}
