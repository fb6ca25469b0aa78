import {
  experimentSchemaId,
  type CellId,
  type Experiment,
  type ExperimentPlan,
  type InterpreterInfo,
  type MachineInfo,
  type RunRecord,
} from '../../shared/experiment.ts';
import type { ExperimentEvent, PlannedRun } from '../../shared/experiment-event.ts';
import type { InterpreterChoice } from '../../shared/ipc.ts';
import { fail, type Problem } from '../../shared/result.ts';
import type { StrategyId } from '../../shared/workload.ts';
import { conclude } from '../analysis/conclude.ts';
import { reportFault } from '../analysis/faults.ts';
import { limitsOf } from '../analysis/measure.ts';
import type { RunTrace } from '../analysis/trace.ts';
import type { SessionClock } from '../clock.ts';
import { readAvailableMemory } from '../runner/available-memory.ts';
import { startRun, type HostFiles, type RunOutcome, type RunProgress } from '../runner/run.ts';
import type { Sampler } from '../sampler/index.ts';
import { findWorkload } from '../workloads/index.ts';
import { watchMemory, type MemoryWatch } from './memory-limit.ts';
import { cellsOf, controlCell, planRuns } from './run-order.ts';
import { peakOf, TraceRecorder, type OpenTrace } from './trace-recorder.ts';

/** What an experiment needs from whoever runs it: the app's engine process or the command line. */
export interface ExperimentTools {
  readonly clock: SessionClock;
  readonly sampler: Sampler;
  readonly samplerEveryMs: number;
  readonly machine: MachineInfo;
  readonly version: string;
  readonly interpreter: InterpreterChoice;
  readonly hostFiles: HostFiles;
}

export type ExperimentOutcome =
  | { readonly state: 'finished'; readonly experiment: Experiment; readonly traces: readonly RunTrace[] }
  | { readonly state: 'cancelled'; readonly completedRuns: number }
  | { readonly state: 'failed'; readonly problem: Problem };

interface EndedRun {
  readonly run: PlannedRun;
  readonly record: RunRecord;
  readonly durationMs: number;
}

/** After this many failures a strategy is given up: with a 60 s timeout, eight hangs would cost eight minutes. */
const failuresUntilGivenUp = 2;

/**
 * Runs the whole matrix, one run at a time, and judges it. `onEvent` hears everything in order; the last event is
 * `finished`, `cancelled` or `failed`. Cancelling ends the run under way and all its processes before it returns.
 */
export async function runExperiment(
  plan: ExperimentPlan,
  tools: ExperimentTools,
  options: { readonly onEvent: (event: ExperimentEvent) => void; readonly signal: AbortSignal },
): Promise<ExperimentOutcome> {
  const { clock } = tools;
  const { onEvent, signal } = options;
  const workload = findWorkload(plan.workload.id);
  if (workload === undefined) {
    const { problem } = fail(
      'unknown-workload',
      `There is no workload "${plan.workload.id}".`,
      'List the workloads with: corescope workloads',
    );
    onEvent({ type: 'failed', problem, atMs: clock.nowMs() });
    return { state: 'failed', problem };
  }

  const startedMs = clock.nowMs();
  const startedAt = new Date(clock.startedUnixMs + startedMs).toISOString();
  const runs = planRuns(plan);
  const recorder = new TraceRecorder(tools.sampler);
  const ended: EndedRun[] = [];
  const traces: RunTrace[] = [];
  let interpreter: InterpreterInfo | null = null;

  onEvent({ type: 'planned', plan, runs, atMs: startedMs });
  try {
    for (const run of runs) {
      if (signal.aborted) break;
      const runStartedMs = clock.nowMs();
      const given = givenUp(run.strategy, ended);
      let record: RunRecord;
      if (given === null) {
        const measured = await measureRun(run, plan, tools, recorder, onEvent, signal);
        interpreter ??= measured.interpreter;
        if (measured.trace !== null) traces.push(measured.trace);
        record = measured.record;
      } else {
        record = { ...identityOf(run), state: 'failed', problem: given };
      }
      ended.push({ run, record, durationMs: clock.nowMs() - runStartedMs });
      onEvent({
        type: 'run-ended',
        run,
        record,
        completedRuns: ended.length,
        totalRuns: runs.length,
        remainingMs: estimateRemainingMs(ended, runs.slice(ended.length)),
        atMs: clock.nowMs(),
      });
    }
  } finally {
    recorder.close();
  }

  if (signal.aborted) {
    onEvent({ type: 'cancelled', atMs: clock.nowMs() });
    return {
      state: 'cancelled',
      completedRuns: ended.filter(({ record }) => record.state === 'finished').length,
    };
  }

  const recordsOf = ({ strategy, workers }: CellId, isControl: boolean): RunRecord[] =>
    ended
      .filter(
        ({ run }) =>
          run.strategy === strategy && run.workers === workers && (run.control === true) === isControl,
      )
      .map(({ record }) => record);
  const control = controlCell(plan);
  const conclusion = conclude(
    cellsOf(plan).map((cell) => ({ ...cell, runs: recordsOf(cell, false) })),
    {
      runtime: plan.workload.runtime,
      interpreter,
      workloadKind: workload.kind,
      tasks: plan.workload.tasks,
      limits: limitsOf(recorder.topology, tools.machine),
      objective: plan.objective ?? 'balanced',
      stopping: plan.adaptive === undefined ? 'fixed' : 'adaptive',
      control: control === null ? null : { ...control, runs: recordsOf(control, true) },
      seed: plan.seed,
    },
  );
  const experiment: Experiment = {
    schema: experimentSchemaId,
    corescopeVersion: tools.version,
    startedAt,
    durationMs: clock.nowMs() - startedMs,
    machine: tools.machine,
    interpreter,
    workload: plan.workload,
    plan: {
      blocks: plan.blocks,
      warmUpBlocks: plan.warmUpBlocks,
      timeoutMs: plan.timeoutMs,
      seed: plan.seed,
      ...(plan.memoryLimitBytes === undefined ? {} : { memoryLimitBytes: plan.memoryLimitBytes }),
      ...(plan.niceLevel === undefined ? {} : { niceLevel: plan.niceLevel }),
      startMethod: plan.startMethod,
      workerCounts: plan.workerCounts,
      adaptive: null,
      prepareCommand: plan.prepareCommand ?? null,
      cleanupCommand: plan.cleanupCommand ?? null,
    },
    readiness: [],
    sampling: { requestedEveryMs: tools.samplerEveryMs, ...recorder.summary() },
    ...conclusion,
  };
  onEvent({ type: 'finished', experiment, atMs: clock.nowMs() });
  return { state: 'finished', experiment, traces };
}

/** One run from spawn to exit, watched by the sampler throughout. */
async function measureRun(
  run: PlannedRun,
  plan: ExperimentPlan,
  tools: ExperimentTools,
  recorder: TraceRecorder,
  onEvent: (event: ExperimentEvent) => void,
  signal: AbortSignal,
): Promise<{ record: RunRecord; trace: RunTrace | null; interpreter: InterpreterInfo | null }> {
  const { clock, sampler } = tools;
  const { order } = run;
  const hostStartMs = clock.nowMs();
  let interpreter: InterpreterInfo | null = null;
  let trace: OpenTrace | null = null;

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
      case 'task-started':
      case 'task-finished':
      case 'worker-exited':
      case 'metric':
      case 'note':
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
    const record = toRecord(run, outcome, closed);
    if (!isFault || outcome.state === 'cancelled') return { record, trace: closed, interpreter };
    const fault = reportFault({ tasks: plan.workload.tasks, events: told, outcome, endedAtMs: endMs });
    return { record: { ...record, fault }, trace: closed, interpreter };
  } finally {
    signal.removeEventListener('abort', cancel);
    memory?.close();
    if (hostPid !== null) sampler.unwatch(hostPid);
  }
}

function identityOf(run: PlannedRun): Pick<RunRecord, 'order' | 'block' | 'warmUp'> {
  return { order: run.order, block: run.block, warmUp: run.warmUp };
}

function toRecord(run: PlannedRun, outcome: RunOutcome, trace: RunTrace | null): RunRecord {
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
        cpuSeconds: outcome.cpuSeconds,
        effectiveCores: outcome.cpuSeconds === null ? null : outcome.cpuSeconds / (outcome.wallMs / 1000),
        peakRssBytes: peakOf(trace?.rssBytes ?? []),
        peakPssBytes: peakOf(trace?.pssBytes ?? []),
        checksum: outcome.checksum,
        lostTasks: outcome.lostTasks,
        metrics: outcome.metrics,
        notes: outcome.notes,
        usage: null,
        disturbances: [],
      };
    case 'failed':
      return { ...identity, state: 'failed', problem: outcome.problem };
    case 'timed-out':
      return { ...identity, state: 'timed-out', afterMs: outcome.afterMs };
    case 'cancelled':
      return { ...identity, state: 'cancelled' };
  }
}

/** Why the next run of this strategy is not started, or null where it is. */
function givenUp(strategy: StrategyId, ended: readonly EndedRun[]): Problem | null {
  const failures = ended.filter(
    ({ run, record }) =>
      run.strategy === strategy && (record.state === 'failed' || record.state === 'timed-out'),
  );
  if (failures.length < failuresUntilGivenUp) return null;
  return fail(
    'given-up',
    `Not started: ${strategy} had already failed ${failuresUntilGivenUp} times.`,
    'See the first failed run of this strategy for the cause.',
  ).problem;
}

/** Remaining runs are expected to last as long as those of their strategy did; unknown strategies as the mean. */
export function estimateRemainingMs(
  ended: readonly EndedRun[],
  remaining: readonly PlannedRun[],
): number | null {
  if (ended.length === 0) return null;
  const meanOf = (runs: readonly EndedRun[]): number =>
    runs.reduce((sum, { durationMs }) => sum + durationMs, 0) / runs.length;
  const overall = meanOf(ended);
  return remaining.reduce((sum, { strategy }) => {
    const same = ended.filter(({ run }) => run.strategy === strategy);
    return sum + (same.length > 0 ? meanOf(same) : overall);
  }, 0);
}
