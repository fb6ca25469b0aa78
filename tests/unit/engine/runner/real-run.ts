import { createHash } from 'node:crypto';
import { createSessionClock } from '../../../../src/engine/clock.ts';
import { findPython } from '../../../../src/engine/runner/interpreters.ts';
import {
  type HostFiles,
  type RunHandle,
  type RunOutcome,
  type RunProgress,
  type RunRequest,
  startRun,
} from '../../../../src/engine/runner/run.ts';
import { strategyAvailability } from '../../../../src/engine/runner/availability.ts';
import type {
  CatalogueRuntime,
  Runtime,
  StrategyId,
  WorkloadDescription,
} from '../../../../src/shared/workload.ts';

const python = await findPython(null);

/** The runtimes that can be tried on this machine; a test over them says in its name which one it is. */
export const availableRuntimes: readonly CatalogueRuntime[] = python.ok ? ['node', 'python'] : ['node'];

/** Every strategy by which this machine can run `workload`, in every runtime that it has. */
export function availableWays(
  workload: WorkloadDescription,
): readonly { readonly runtime: CatalogueRuntime; readonly strategy: StrategyId }[] {
  return availableRuntimes.flatMap((runtime) => {
    const interpreter = runtime === 'python' && python.ok ? python.value : null;
    return strategyAvailability(runtime, interpreter, workload, process.platform, 2)
      .filter(({ available }) => available)
      .map(({ strategy }) => ({ runtime, strategy }));
  });
}

/** Commands are run by the Node host. */
const interpreterPaths: Readonly<Record<Runtime, string>> = {
  node: process.execPath,
  python: python.ok ? python.value.path : '',
  command: process.execPath,
};

/** A small run of two tasks on two workers; `request` changes what a test is about. */
export function smallRequest(
  hostFiles: HostFiles,
  runtime: Runtime,
  request: Partial<RunRequest> = {},
): RunRequest {
  return {
    runtime,
    workloadId: 'count-loop',
    params: { n: 1_000, rounds: 1 },
    tasks: 2,
    strategy: 'processes',
    workers: 2,
    timeoutMs: 15_000,
    interpreterPath: interpreterPaths[runtime],
    hostFiles,
    ...request,
  };
}

export interface WatchedRun {
  readonly handle: RunHandle;
  readonly progress: readonly RunProgress[];
  /** Resolves when `count` workers are ready. */
  workersReady(count: number): Promise<void>;
}

export function watchRun(
  request: RunRequest,
  tools: Omit<Parameters<typeof startRun>[1], 'clock'> = {},
): WatchedRun {
  const progress: RunProgress[] = [];
  const watchers: (() => void)[] = [];
  const handle = startRun(request, { clock: createSessionClock(), ...tools }, (event) => {
    progress.push(event);
    for (const watch of watchers) watch();
  });
  return {
    handle,
    progress,
    workersReady: (count) =>
      new Promise((resolve) => {
        const watch = (): void => {
          if (progress.filter(({ type }) => type === 'worker-ready').length >= count) resolve();
        };
        watchers.push(watch);
        watch();
      }),
  };
}

export function run(request: RunRequest): Promise<RunOutcome> {
  return watchRun(request).handle.outcome;
}

/** What the checksum of a run with these results is by definition. */
export function checksumOf(...results: string[]): string {
  return createHash('sha256').update(results.join('\n')).digest('hex').slice(0, 16);
}
