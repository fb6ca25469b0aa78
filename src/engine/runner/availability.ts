import type { InterpreterChoice } from '../../shared/ipc.ts';
import {
  type Runtime,
  strategiesOf,
  type StrategyId,
  type WorkloadDescription,
  type WorkloadParams,
} from '../../shared/workload.ts';

export type StrategyAvailability =
  | { readonly strategy: StrategyId; readonly available: true }
  /** `reason` is a sentence. */
  | { readonly strategy: StrategyId; readonly available: false; readonly reason: string };

/** Windows can wait for 63 handles at once; Python's pools need two of them for themselves. */
const mostPoolWorkersOnWindows = 61;
const oldestPythonWithInterpreterPool = [3, 14] as const;

/**
 * Which of the runtime's strategies can run `workload` here, all of them listed. `interpreter` null: not known yet,
 * and what depends on it counts as available. `params`: as chosen so far; some choices rule strategies out.
 */
export function strategyAvailability(
  runtime: Runtime,
  interpreter: Pick<InterpreterChoice, 'version'> | null,
  workload: WorkloadDescription,
  platform: NodeJS.Platform,
  workers = 1,
  params: WorkloadParams = {},
): readonly StrategyAvailability[] {
  return strategiesOf[runtime].map((strategy) => {
    const reason = obstacle(strategy, { runtime, interpreter, workload, platform, workers, params });
    return reason === null ? { strategy, available: true } : { strategy, available: false, reason };
  });
}

function obstacle(
  strategy: StrategyId,
  question: {
    readonly runtime: Runtime;
    readonly interpreter: Pick<InterpreterChoice, 'version'> | null;
    readonly workload: WorkloadDescription;
    readonly platform: NodeJS.Platform;
    readonly workers: number;
    readonly params: WorkloadParams;
  },
): string | null {
  const { runtime, interpreter, workload, platform, workers, params } = question;
  const reason = runtime === 'command' ? undefined : workload.unavailable?.[runtime]?.[strategy];
  if (reason !== undefined) return reason;
  for (const parameter of workload.parameters) {
    if (parameter.type !== 'choice') continue;
    const against = parameter.unavailable?.[params[parameter.name] ?? '']?.[strategy];
    if (against !== undefined) return against;
  }
  if (strategy === 'cluster' && workload.servesPort !== true) {
    return `Cluster workers share a port, and "${workload.id}" serves none.`;
  }
  if (strategy === 'interpreter-pool' && interpreter !== null && !hasInterpreterPool(interpreter.version)) {
    return `InterpreterPoolExecutor came with Python ${oldestPythonWithInterpreterPool.join('.')}; this is Python ${interpreter.version}.`;
  }
  const isPythonPool = runtime === 'python' && (strategy === 'process-pool' || strategy === 'hybrid');
  if (platform === 'win32' && isPythonPool && workers > mostPoolWorkersOnWindows) {
    return `Python's process pools have at most ${mostPoolWorkersOnWindows} workers on Windows.`;
  }
  return null;
}

function hasInterpreterPool(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [oldestMajor, oldestMinor] = oldestPythonWithInterpreterPool;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
