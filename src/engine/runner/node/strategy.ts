import type { RunPlan } from '../protocol.ts';
import type { Collector } from './collector.ts';
import type { WorkerStart } from './worker-start.ts';

export interface StrategyInput {
  readonly plan: RunPlan;
  /** Where the worker files lie: the host's own folder. */
  readonly programs: string;
  readonly collector: Collector;
  /** What worker `index` is to begin with. */
  readonly startOf: (index: number) => WorkerStart;
  /** The most that the heap of each worker may hold; null: what V8 allows. */
  readonly heapLimitMegabytes: number | null;
  /** Tells how a worker that is there now is ended from outside. */
  readonly endable: (index: number, end: () => Promise<void>) => void;
}

/** Does the planned work; resolves when the last worker has been joined, rejects where one failed. */
export type Run = () => Promise<void>;

/** A strategy is made ready before the measured interval: what the host itself needs is loaded by then. */
export interface Strategy {
  /** How `shared` of a workload's `prepare` reaches the workers. */
  readonly channel: 'memory' | 'json';
  prepare(input: StrategyInput): Promise<Run>;
}
