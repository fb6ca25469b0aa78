import type { Runtime, StrategyId } from '../../shared/workload.ts';

/** What follows from how a strategy is made, for the objectives and the causes. */
export interface StrategyTraits {
  /** Whether the crash of one worker leaves the others and the parent alive. */
  readonly isolated: boolean;
  /** Whether the workers run inside one interpreter, under its lock where it has one. */
  readonly sharesInterpreter: boolean;
}

/** Node's worker threads have an interpreter each, but a crash of one takes the process with it. */
const nodeIsolated: readonly StrategyId[] = ['processes', 'process-pool', 'cluster'];
/** A `ProcessPoolExecutor` ends all of its workers when one of them dies; `hybrid` has one inside. */
const pythonIsolated: readonly StrategyId[] = ['processes'];
const pythonShared: readonly StrategyId[] = ['serial', 'asyncio', 'threads', 'thread-pool'];

export function traitsOf(strategy: StrategyId, runtime: Runtime): StrategyTraits {
  switch (runtime) {
    case 'node':
      return { isolated: nodeIsolated.includes(strategy), sharesInterpreter: false };
    case 'python':
      return {
        isolated: pythonIsolated.includes(strategy),
        sharesInterpreter: pythonShared.includes(strategy),
      };
    case 'command':
      return { isolated: true, sharesInterpreter: false };
  }
}
