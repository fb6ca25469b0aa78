import { spreadOf, type Spread } from '../support/statistics.ts';
import type { Cost } from './measure.ts';

/** One contestant in one cell, over all rounds. */
export interface Comparison {
  readonly name: string;
  /** Share of one core. */
  readonly cost: Spread;
  readonly heldHz: number;
  /** Ours divided by this one, within each round: what slows a whole round down cancels out. */
  readonly ratio: Spread;
}

/** Costs by contestant, one entry a round in the same order; null for a rate that it cannot do. */
export type Costs = ReadonlyMap<string, readonly (Cost | null)[]>;

export function compareCosts(costs: Costs, ours: string): Comparison[] {
  const ourCosts = costs.get(ours) ?? [];
  return [...costs].map(([name, rounds]) => {
    const shares = rounds.map((cost) => cost?.cpuShare ?? Number.NaN);
    return {
      name,
      cost: spreadOf(shares),
      heldHz: spreadOf(rounds.map((cost) => cost?.heldHz ?? Number.NaN)).median,
      ratio: spreadOf(shares.map((share, round) => (ourCosts[round]?.cpuShare ?? Number.NaN) / share)),
    };
  });
}
