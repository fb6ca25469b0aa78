import { type RunPlan } from '../protocol.ts';
import { type Collector } from './collector.ts';
import { type WorkerStart } from './worker-start.ts';

export interface StrategyInput {
  readonly plan: RunPlan;
  /** Where the worker files lie: the host's own folder. */
  readonly programs: string;
  readonly collector: Collector;
  /** What worker `index` is to begin with. */
  readonly startOf: (index: number) => WorkerStart;
}

/** Does the planned work; resolves when the last worker has been joined, rejects where one failed. */
export type Run = () => Promise<void>;

/** A strategy is made ready before the measured interval: what the host itself needs is loaded by then. */
export interface Strategy {
  /** How `shared` of a workload's `prepare` reaches the workers. */
  readonly channel: 'memory' | 'json';
  prepare(input: StrategyInput): Promise<Run>;
}
