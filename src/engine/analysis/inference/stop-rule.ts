import { pairedRatio } from './paired-ratio.ts';
import type { RunMeasurement } from '../measurements.ts';
import type { WeightsBySize } from './median-weights.ts';

export interface StopBudget {
  /** Half-width of the interval over its median at which it is narrow enough: 0.03 is ± 3 %. */
  readonly targetHalfWidth: number;
  readonly mostBlocks: number;
  readonly timeMs: number;
}

export interface BlocksSoFar {
  readonly blocks: number;
  readonly spentMs: number;
  /** What the answer rests on: everyone against the one of the smallest median. */
  readonly comparisons: readonly {
    readonly slower: readonly RunMeasurement[];
    readonly faster: readonly RunMeasurement[];
  }[];
}

export type StopDecision =
  | { readonly stop: true; readonly reason: 'narrow' | 'blocks' | 'time'; readonly halfWidth: number | null }
  | { readonly stop: false; readonly nextLookAtBlocks: number; readonly halfWidth: number | null };

/** The first look. Fewer values make a standard error that is too small by chance too often. */
const firstLookAtBlocks = 5;
/** Blocks grow by this from look to look: looking seldom leaves less to luck, and wastes at most a fifth. */
const growthBetweenLooks = 1.2;

/**
 * Whether enough blocks have been run: until every interval is narrow enough or the budget is spent. It looks at
 * widths and never at who leads, so who leads cannot end it; and looks only at 5, 6, 8, 10, 12, 15, … blocks. That
 * widths are looked at at all is paid for by `peekingStretch`: whoever stops by this rule analyses with `'adaptive'`.
 *
 * The half-width is exp(c·s) − 1, of the widest comparison; null while there is none.
 */
export function shouldStop(soFar: BlocksSoFar, budget: StopBudget, weightsOf: WeightsBySize): StopDecision {
  const halfWidths = soFar.comparisons.map(({ slower, faster }) => {
    const ratio = pairedRatio(slower, faster, weightsOf, 'adaptive');
    return ratio === null ? null : ratio.ci95[1] / ratio.median - 1;
  });
  const known = halfWidths.filter((width) => width !== null);
  const halfWidth = known.length === halfWidths.length && known.length > 0 ? Math.max(...known) : null;
  if (halfWidth !== null && isLook(soFar.blocks) && halfWidth <= budget.targetHalfWidth) {
    return { stop: true, reason: 'narrow', halfWidth };
  }
  if (soFar.blocks >= budget.mostBlocks) return { stop: true, reason: 'blocks', halfWidth };
  // One more block takes as long as those so far did on average.
  const nextBlockMs = soFar.blocks === 0 ? 0 : soFar.spentMs / soFar.blocks;
  if (soFar.spentMs + nextBlockMs > budget.timeMs) return { stop: true, reason: 'time', halfWidth };
  return { stop: false, nextLookAtBlocks: Math.min(budget.mostBlocks, nextLook(soFar.blocks)), halfWidth };
}

function isLook(blocks: number): boolean {
  return blocks >= firstLookAtBlocks && nextLook(blocks - 1) === blocks;
}

/** The first look after that many blocks. */
function nextLook(blocks: number): number {
  let look = firstLookAtBlocks;
  while (look <= blocks) look = Math.ceil(look * growthBetweenLooks);
  return look;
}
