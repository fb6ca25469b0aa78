import type { ExperimentPlan } from '../../shared/experiment.ts';
import { planLimits } from '../../shared/plan-limits.ts';
import { faultOf } from './run-options.svelte.ts';

export type Thoroughness = 'quick' | 'standard' | 'thorough' | 'auto';

/** Measured blocks: fewer give an answer sooner, more give a narrower interval. Automatic: the most there may be. */
export const blocksOf: Readonly<Record<Thoroughness, number>> = {
  quick: 3,
  standard: 7,
  thorough: 15,
  auto: 100,
};

/** How often every field of the matrix is measured. */
export class BlockChoice {
  thoroughness: Thoroughness = $state('standard');
  /** With automatic blocks: how far the answer may lie off on either side, and how long that may take. */
  precisionPercent: number = $state(3);
  budgetSeconds: number = $state(300);

  readonly isAutomatic: boolean = $derived(this.thoroughness === 'auto');
  readonly count: number = $derived(blocksOf[this.thoroughness]);
  /** In words, what is wrong with a field; null where nothing is, or the field does not count. */
  readonly faults: Readonly<Record<'precision' | 'budget', string | null>> = $derived.by(() => {
    if (!this.isAutomatic) return { precision: null, budget: null };
    const [narrowest, widest] = planLimits.targetHalfWidth;
    const [shortest, longest] = planLimits.adaptiveTimeMs;
    return {
      precision: faultOf('Precision', this.precisionPercent, [narrowest * 100, widest * 100], '%'),
      budget: faultOf('Time budget', this.budgetSeconds, [shortest / 1000, longest / 1000], 's'),
    };
  });

  toPlanPart(): Pick<ExperimentPlan, 'blocks' | 'adaptive'> {
    if (!this.isAutomatic) return { blocks: this.count };
    const adaptive = {
      targetHalfWidth: this.precisionPercent / 100,
      timeMs: Math.round(this.budgetSeconds * 1000),
    };
    return { blocks: this.count, adaptive };
  }
}
