import type { MachineInfo } from '../../shared/experiment.ts';
import type { InterpreterChoice } from '../../shared/ipc.ts';
import { fail, type Result } from '../../shared/result.ts';
import { catalogueRuntimes, type CatalogueRuntime } from '../../shared/workload.ts';
import type { SessionClock } from '../clock.ts';
import type { HostFiles } from '../runner/run.ts';
import type { Sampler } from '../sampler/index.ts';
import { advise } from './advice.ts';
import { runBattery } from './battery.ts';
import {
  differencesSchemaId,
  roundsOf,
  type DifferencesProgress,
  type DifferencesReport,
  type RuntimeDifferences,
  type Thoroughness,
} from '../../shared/differences.ts';
import { describeDifferences } from './rows.ts';
import { batteryMs, remainingTime, type StepTitle } from './steps.ts';

export interface DifferencesPlan {
  readonly runtimes: readonly CatalogueRuntime[];
  /** Threads or processes at a time; at least 2. */
  readonly workers: number;
  /** Each figure is the median of so many. */
  readonly rounds: number;
}

export interface DifferencesTools {
  readonly clock: SessionClock;
  readonly sampler: Sampler;
  readonly machine: MachineInfo;
  readonly version: string;
  readonly hostFiles: HostFiles;
  /** Absolute path of resources/differences. */
  readonly probesFolder: string;
  readonly findInterpreter: (runtime: CatalogueRuntime) => Promise<Result<InterpreterChoice>>;
}

export type DifferencesOutcome =
  { readonly state: 'finished'; readonly report: DifferencesReport } | { readonly state: 'cancelled' };

/** More would only measure the same again, and the battery is to take no more than two minutes. */
const mostWorkers = 4;

/** What both the command line and the app measure, where nothing else is wished. */
export function usualPlan(thoroughness: Thoroughness, usableCores: number): DifferencesPlan {
  return {
    runtimes: catalogueRuntimes,
    workers: Math.min(mostWorkers, Math.max(2, usableCores)),
    rounds: roundsOf[thoroughness],
  };
}

/** On two idle cores. */
export function expectedMs({ runtimes, rounds }: Pick<DifferencesPlan, 'runtimes' | 'rounds'>): number {
  return runtimes.reduce((sum, runtime) => sum + batteryMs(runtime, rounds), 0);
}

/** Measures one runtime after the other. A runtime that is not here is told as such, and does not end the rest. */
export async function measureDifferences(
  plan: DifferencesPlan,
  tools: DifferencesTools,
  options: { readonly onProgress: (progress: DifferencesProgress) => void; readonly signal: AbortSignal },
): Promise<DifferencesOutcome> {
  const { clock } = tools;
  const startedMs = clock.nowMs();
  const runtimes: RuntimeDifferences[] = [];
  const totalMs = expectedMs(plan);
  let earlierMs = 0;
  for (const runtime of plan.runtimes) {
    const found = await measureRuntime(runtime, plan, tools, {
      signal: options.signal,
      onStep(title, ownMs) {
        const doneMs = earlierMs + ownMs;
        options.onProgress({
          runtime,
          title,
          doneShare: doneMs / totalMs,
          remainingMs: remainingTime(doneMs, totalMs, clock.nowMs() - startedMs),
        });
      },
    });
    if (options.signal.aborted) return { state: 'cancelled' };
    runtimes.push(found);
    earlierMs += batteryMs(runtime, plan.rounds);
  }
  return {
    state: 'finished',
    report: {
      schema: differencesSchemaId,
      corescopeVersion: tools.version,
      startedAt: new Date(clock.startedUnixMs + startedMs).toISOString(),
      durationMs: clock.nowMs() - startedMs,
      machine: tools.machine,
      workers: plan.workers,
      rounds: plan.rounds,
      runtimes,
    },
  };
}

async function measureRuntime(
  runtime: CatalogueRuntime,
  { workers, rounds }: DifferencesPlan,
  { clock, sampler, hostFiles, probesFolder, findInterpreter }: DifferencesTools,
  {
    signal,
    onStep,
  }: { readonly signal: AbortSignal; readonly onStep: (title: StepTitle, doneMs: number) => void },
): Promise<RuntimeDifferences> {
  const interpreter = await findInterpreter(runtime);
  if (!interpreter.ok) return { state: 'unavailable', runtime, problem: interpreter.problem };
  const figures = await runBattery(
    { runtime, workers, rounds, probesFolder, onStep },
    { clock, sampler, hostFiles, interpreterPath: interpreter.value.path, signal },
  );
  if (figures === null) {
    const { problem } = fail(
      'nothing-measured',
      `Not one run in ${runtime} finished.`,
      'See why with: corescope run count-loop',
    );
    return { state: 'unavailable', runtime, problem };
  }
  return {
    state: 'measured',
    runtime,
    interpreter: figures.interpreter,
    rows: describeDifferences(runtime, figures),
    advice: advise(runtime, figures),
  };
}
