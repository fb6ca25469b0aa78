import type { CellId } from '../../shared/experiment-analysis.ts';
import {
  experimentSchemaId,
  type AdaptiveEnd,
  type Experiment,
  type ExperimentPlan,
  type InterpreterInfo,
  type ReadinessNote,
  type RunRecord,
} from '../../shared/experiment.ts';
import type { ExperimentEvent, PlannedRun } from '../../shared/experiment-event.ts';
import { fail, type Problem } from '../../shared/result.ts';
import type { WorkloadDescription } from '../../shared/workload.ts';
import { conclude } from '../analysis/conclude.ts';
import { limitsOf } from '../analysis/measure.ts';
import type { MachineLimits } from '../analysis/measurements.ts';
import { strategyName } from '../analysis/runs.ts';
import type { RunTrace } from '../analysis/trace.ts';
import { readAvailableMemory } from '../runner/available-memory.ts';
import { findWorkload } from '../workloads/index.ts';
import { createBlockWatch, type Look } from './block-watch.ts';
import type { ExperimentTools } from './experiment-tools.ts';
import { runHook } from './hooks.ts';
import { finishedPrefix, type Journal, type JournalEntry } from './journal.ts';
import { identityOf, measureRun, type MeasuredRun } from './measure-run.ts';
import type { PauseSwitch } from './pause.ts';
import { assessReadiness } from './readiness.ts';
import { readSystemFacts } from './readiness-facts.ts';
import { estimateRemainingMs, type EndedRun } from './remaining-time.ts';
import { cellKey, cellsOf, controlCell, planRuns } from './run-order.ts';
import { TraceRecorder } from './trace-recorder.ts';

export type { ExperimentTools } from './experiment-tools.ts';
export { estimateRemainingMs } from './remaining-time.ts';

export type ExperimentOutcome =
  | {
      readonly state: 'finished';
      readonly experiment: Experiment;
      readonly traces: readonly RunTrace[];
      /** What bounded it: with the document, all that a judgement for another objective needs. */
      readonly limits: MachineLimits;
    }
  | { readonly state: 'cancelled'; readonly completedRuns: number }
  | { readonly state: 'failed'; readonly problem: Problem };

export interface ExperimentOptions {
  readonly onEvent: (event: ExperimentEvent) => void;
  readonly signal: AbortSignal;
  /** Asked between two runs. */
  readonly pause?: PauseSwitch;
  /** Gets every run as soon as it has ended. */
  readonly journal?: Journal;
  /** Runs of an earlier attempt at the same plan: those that stand at its beginning are not done again. */
  readonly resumed?: { readonly startedAt: string; readonly entries: readonly JournalEntry[] };
}

/** After this many failures a field is given up: with a 60 s timeout, eight hangs would cost eight minutes. */
const failuresUntilGivenUp = 2;

/** How long the cores are looked at before the first run: the least over which their load is true to 2 %. */
const readinessMs = 300;

/** On a machine that is busy the sampler takes its time to start; that it is busy is what is to be found out. */
const samplerStartMs = 2_000;

/** What goes on while the runs are made. */
interface Progress {
  readonly plan: ExperimentPlan;
  readonly tools: ExperimentTools;
  readonly options: ExperimentOptions;
  readonly recorder: TraceRecorder;
  readonly ended: EndedRun[];
  readonly traces: RunTrace[];
  interpreter: InterpreterInfo | null;
  lastLook: Look | null;
}

/**
 * Runs the whole matrix, one run at a time, and judges it. `onEvent` hears everything in order; the last event is
 * `finished`, `cancelled` or `failed`. Cancelling ends the run under way and all its processes before it returns.
 */
export async function runExperiment(
  plan: ExperimentPlan,
  tools: ExperimentTools,
  options: ExperimentOptions,
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
  const startedAt = options.resumed?.startedAt ?? new Date(clock.startedUnixMs + startedMs).toISOString();
  const runs = planRuns(plan);
  const earlier = finishedPrefix(runs, options.resumed?.entries ?? []);
  const progress: Progress = {
    plan,
    tools,
    options,
    recorder: new TraceRecorder(tools.sampler),
    ended: [...earlier],
    traces: [],
    interpreter: earlier.find(({ interpreter }) => interpreter !== null)?.interpreter ?? null,
    lastLook: null,
  };
  let readiness: readonly ReadinessNote[] = [];
  onEvent({ type: 'planned', plan, runs, atMs: startedMs });
  try {
    readiness = await checkReadiness(progress);
    await makeRuns(runs, progress);
  } finally {
    progress.recorder.close();
  }

  if (signal.aborted) {
    onEvent({ type: 'cancelled', atMs: clock.nowMs() });
    return {
      state: 'cancelled',
      completedRuns: progress.ended.filter(({ record }) => record.state === 'finished').length,
    };
  }
  const earlierMs = earlier.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const experiment = assemble(progress, workload, {
    startedAt,
    durationMs: earlierMs + clock.nowMs() - startedMs,
    readiness,
  });
  onEvent({ type: 'finished', experiment, atMs: clock.nowMs() });
  return {
    state: 'finished',
    experiment,
    traces: progress.traces,
    limits: limitsOf(progress.recorder.topology, tools.machine),
  };
}

async function makeRuns(runs: readonly PlannedRun[], progress: Progress): Promise<void> {
  const { plan, tools, options, ended } = progress;
  const { onEvent, signal, pause } = options;
  const { clock } = tools;
  const watch = plan.adaptive === undefined ? null : createBlockWatch(plan, plan.adaptive);
  let lookAtBlocks = plan.blocks;

  /** Whether the runs so far are enough. */
  function look(): boolean {
    const seen = watch?.look(ended, runs) ?? null;
    if (seen === null) return false;
    progress.lastLook = seen;
    lookAtBlocks = seen.nextLookAtBlocks;
    onEvent({ type: 'looked', ...seen.told, atMs: clock.nowMs() });
    return seen.told.stoppedBy !== null;
  }

  if (look()) return;
  for (const run of runs.slice(ended.length)) {
    if (pause?.isPaused === true && !signal.aborted) {
      onEvent({ type: 'paused', atMs: clock.nowMs() });
      await pause.whenResumed(signal);
      onEvent({ type: 'resumed', atMs: clock.nowMs() });
    }
    if (signal.aborted) return;
    const runStartedMs = clock.nowMs();
    const problem = givenUp(run, ended);
    const measured =
      problem === null
        ? await measureWithHooks(run, progress)
        : { record: failedRecord(run, problem), trace: null, interpreter: null };
    progress.interpreter ??= measured.interpreter;
    if (measured.trace !== null) progress.traces.push(measured.trace);
    const entry = { run, record: measured.record, durationMs: clock.nowMs() - runStartedMs };
    ended.push(entry);
    // What was cancelled did not end: whoever continues does it again.
    if (measured.record.state !== 'cancelled') {
      options.journal?.append({ ...entry, interpreter: measured.interpreter });
    }
    const isEnough = look();
    // With blocks to be chosen, what is known to come is what comes before the next look.
    const expected = isEnough ? ended.length : runs.filter(({ block }) => block <= lookAtBlocks).length;
    onEvent({
      type: 'run-ended',
      run,
      record: measured.record,
      completedRuns: ended.length,
      totalRuns: expected,
      remainingMs: estimateRemainingMs(ended, runs.slice(ended.length, expected)),
      atMs: clock.nowMs(),
    });
    if (isEnough) return;
  }
}

/** A run and what is to happen before and after it. Where either fails, so has the run. */
async function measureWithHooks(run: PlannedRun, progress: Progress): Promise<MeasuredRun> {
  const { plan, tools, options, recorder } = progress;
  const { onEvent, signal } = options;
  const hook = async (
    name: 'prepare' | 'cleanup',
    command: string | undefined,
    signalOfHook: AbortSignal,
  ): Promise<Problem | null> =>
    command === undefined
      ? null
      : runHook({
          name,
          command,
          environment: {
            CORESCOPE_STRATEGY: run.strategy,
            CORESCOPE_WORKERS: String(run.workers),
            CORESCOPE_BLOCK: String(run.block),
          },
          timeoutMs: plan.timeoutMs,
          signal: signalOfHook,
        });
  const unprepared = await hook('prepare', plan.prepareCommand, signal);
  const measured: MeasuredRun =
    unprepared === null
      ? await measureRun(run, plan, tools, recorder, onEvent, signal)
      : { record: failedRecord(run, unprepared), trace: null, interpreter: null };
  // What was prepared is cleared away even after a cancel.
  const uncleaned = await hook('cleanup', plan.cleanupCommand, new AbortController().signal);
  if (signal.aborted) return { ...measured, record: { ...identityOf(run), state: 'cancelled' } };
  return uncleaned === null || measured.record.state !== 'finished'
    ? measured
    : { ...measured, record: failedRecord(run, uncleaned) };
}

/** Looks at the machine and tells what is wrong with it. */
async function checkReadiness(progress: Progress): Promise<readonly ReadinessNote[]> {
  const { plan, tools, options, recorder } = progress;
  const { clock, machine } = tools;
  if (options.signal.aborted) return [];
  const system = await readSystemFacts();
  const startMs = clock.nowMs();
  await recorder.frameAfter(startMs + readinessMs, readinessMs + samplerStartMs);
  // The first frame of a sampler that starts late has nothing to compare with.
  while (recorder.backgroundCores() === null && clock.nowMs() - startMs < samplerStartMs) {
    await recorder.frameAfter(clock.nowMs(), 3 * tools.samplerEveryMs);
  }
  const notes = assessReadiness({
    ...system,
    coreCount: machine.logicalCores,
    backgroundCores: recorder.backgroundCores(),
    quotaCores: recorder.topology?.usable.quotaCores ?? null,
    availableBytes: readAvailableMemory(),
    memoryBytes: machine.memoryBytes,
    mostWorkers: Math.max(...cellsOf(plan).map(({ workers }) => workers)),
  });
  options.onEvent({ type: 'readiness', notes, atMs: clock.nowMs() });
  return notes;
}

function assemble(
  progress: Progress,
  workload: WorkloadDescription,
  known: Pick<Experiment, 'startedAt' | 'durationMs' | 'readiness'>,
): Experiment {
  const { plan, tools, ended, recorder, interpreter } = progress;
  const recordsOf = (cell: CellId, isControl: boolean): RunRecord[] =>
    ended
      .filter(({ run }) => cellKey(run) === cellKey(cell) && (run.control === true) === isControl)
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
  return {
    schema: experimentSchemaId,
    corescopeVersion: tools.version,
    startedAt: known.startedAt,
    durationMs: known.durationMs,
    machine: tools.machine,
    interpreter,
    workload: plan.workload,
    plan: {
      blocks: plan.adaptive === undefined ? plan.blocks : Math.max(0, ...ended.map(({ run }) => run.block)),
      warmUpBlocks: plan.warmUpBlocks,
      timeoutMs: plan.timeoutMs,
      seed: plan.seed,
      ...(plan.memoryLimitBytes === undefined ? {} : { memoryLimitBytes: plan.memoryLimitBytes }),
      ...(plan.niceLevel === undefined ? {} : { niceLevel: plan.niceLevel }),
      startMethod: plan.startMethod,
      workerCounts: plan.workerCounts,
      adaptive: describeAdaptive(plan, progress.lastLook),
      prepareCommand: plan.prepareCommand ?? null,
      cleanupCommand: plan.cleanupCommand ?? null,
    },
    readiness: known.readiness,
    sampling: { requestedEveryMs: tools.samplerEveryMs, ...recorder.summary() },
    ...conclusion,
  };
}

function describeAdaptive(plan: ExperimentPlan, last: Look | null): Experiment['plan']['adaptive'] {
  if (plan.adaptive === undefined) return null;
  const end: AdaptiveEnd = {
    mostBlocks: plan.blocks,
    stoppedBy: last?.told.stoppedBy ?? 'blocks',
    halfWidth: last?.told.halfWidth ?? null,
  };
  return { ...plan.adaptive, ...end };
}

function failedRecord(run: PlannedRun, problem: Problem): RunRecord {
  return { ...identityOf(run), state: 'failed', problem };
}

/** Why the next run of this field is not started, or null where it is. */
function givenUp(run: PlannedRun, ended: readonly EndedRun[]): Problem | null {
  const failures = ended.filter(
    ({ run: other, record }) =>
      cellKey(other) === cellKey(run) && (record.state === 'failed' || record.state === 'timed-out'),
  );
  if (failures.length < failuresUntilGivenUp) return null;
  return fail(
    'given-up',
    `Not started: ${strategyName(run)} had already failed ${failuresUntilGivenUp} times.`,
    'See the first failed run of this strategy for the cause.',
  ).problem;
}
