import { type RunPlan } from '../protocol.ts';
import { type Collector } from './collector.ts';

export interface StrategyInput {
  readonly plan: RunPlan;
  /** The plan as it came: handed to workers in their arguments, which costs no round trip. */
  readonly planLine: string;
  /** Where the worker files lie: the host's own folder. */
  readonly folder: string;
  readonly collector: Collector;
}

/** Does the planned work; resolves when the last worker has been joined, rejects where one failed. */
export type Strategy = (input: StrategyInput) => Promise<void>;
