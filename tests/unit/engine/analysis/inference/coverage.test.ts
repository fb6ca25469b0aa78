import { describe, expect, it } from 'vitest';
import type { Stopping } from '../../../../../src/engine/analysis/inference/median-interval.ts';
import { medianWeightsBySize } from '../../../../../src/engine/analysis/inference/median-weights.ts';
import { noiseFloor } from '../../../../../src/engine/analysis/inference/noise-floor.ts';
import { isBeyondNoise, pairedRatio } from '../../../../../src/engine/analysis/inference/paired-ratio.ts';
import { shouldStop, type StopBudget } from '../../../../../src/engine/analysis/inference/stop-rule.ts';
import type { RunMeasurement } from '../../../../../src/engine/analysis/measurements.ts';
import { seededRandom, type Random } from '../../../../../src/engine/random.ts';
import { drawBlockEffects, drawRuns, normal, run, runsOf } from '../simulate.ts';

/** Simulated experiments whose truth is known. Seeds are fixed, so the counts are exact. */
const experiments = 1000;
const weightsOf = medianWeightsBySize(1, 10_000);

describe('the paired median ratio', () => {
  it('is the middle of the quotients, block by block, whatever the order of the runs', () => {
    const slow = runsOf([200, 330, 120]);
    const fast = [run(3, 100), run(1, 100), run(2, 110), run(9, 1)];
    expect(pairedRatio(slow, fast, weightsOf)?.median).toBe(2);
    expect(pairedRatio(slow, [run(1, 100)], weightsOf)).toBeNull();
  });

  it.each([
    [5, 0.02],
    [5, 0.1],
    [10, 0.02],
    [10, 0.1],
    [20, 0.02],
    [20, 0.1],
  ])('of %i blocks with log-normal noise %f holds the truth in 93 to 97 %', (blocks, noise) => {
    const random = seededRandom(blocks);
    let held = 0;
    for (let experiment = 0; experiment < experiments; experiment += 1) {
      const effects = drawBlockEffects(blocks, 0.3, random);
      const ratio = pairedRatio(
        drawRuns(130, noise, effects, random),
        drawRuns(100, noise, effects, random),
        weightsOf,
      );
      if (ratio !== null && ratio.ci95[0] <= 1.3 && ratio.ci95[1] >= 1.3) held += 1;
    }
    expect(held / experiments).toBeGreaterThanOrEqual(0.93);
    expect(held / experiments).toBeLessThanOrEqual(0.97);
  });
});

/** One run of `blocks` blocks of strategies that are all the same; whether the fastest is told from all others. */
function namesWinner(walls: readonly (readonly RunMeasurement[])[], stopping: Stopping): boolean {
  const ordered = [...walls].sort((left, right) => middleOf(left) - middleOf(right));
  const [fastest, ...others] = ordered;
  if (fastest === undefined) throw new Error('there are strategies');
  return others.every((other) => {
    const ratio = pairedRatio(other, fastest, weightsOf, stopping);
    return ratio !== null && isBeyondNoise(ratio);
  });
}

function middleOf(runs: readonly RunMeasurement[]): number {
  const sorted = runs.map(({ wallMs }) => wallMs).sort((left, right) => left - right);
  return ((sorted[(sorted.length - 1) >>> 1] ?? 0) + (sorted[sorted.length >>> 1] ?? 0)) / 2;
}

describe('strategies that are all the same', () => {
  it.each([
    [2, 5],
    [2, 10],
    [2, 20],
    [3, 5],
    [6, 5],
    [6, 10],
    [6, 20],
  ])('%i of them are given a winner in at most 5 %% with %i blocks', (strategies, blocks) => {
    const random = seededRandom(100 * strategies + blocks);
    let winners = 0;
    for (let experiment = 0; experiment < experiments; experiment += 1) {
      const effects = drawBlockEffects(blocks, 0.3, random);
      const walls = Array.from({ length: strategies }, () => drawRuns(100, 0.05, effects, random));
      if (namesWinner(walls, 'fixed')) winners += 1;
    }
    expect(winners / experiments).toBeLessThanOrEqual(0.05);
  });
});

interface Adaptive {
  readonly slower: readonly RunMeasurement[];
  readonly faster: readonly RunMeasurement[];
}

function runAdaptively(truth: number, noise: number, budget: StopBudget, random: Random): Adaptive {
  const slower: RunMeasurement[] = [];
  const faster: RunMeasurement[] = [];
  for (let blocks = 0; ;) {
    const decision = shouldStop({ blocks, spentMs: 0, comparisons: [{ slower, faster }] }, budget, weightsOf);
    if (decision.stop) return { slower, faster };
    while (blocks < decision.nextLookAtBlocks) {
      blocks += 1;
      const effect = Math.exp(0.3 * normal(random));
      slower.push(run(blocks, 100 * truth * effect * Math.exp(noise * normal(random))));
      faster.push(run(blocks, 100 * effect * Math.exp(noise * normal(random))));
    }
  }
}

describe('an experiment that stops when its interval is narrow', () => {
  it.each([0.03, 0.05, 0.08])('at ± %f, holds the truth in 93 to 97.5 %% all the same', (target) => {
    const random = seededRandom(Math.round(target * 1000));
    const budget = { targetHalfWidth: target, mostBlocks: 60, timeMs: Infinity };
    let held = 0;
    for (let experiment = 0; experiment < experiments; experiment += 1) {
      const { slower, faster } = runAdaptively(1.3, 0.05, budget, random);
      const ratio = pairedRatio(slower, faster, weightsOf, 'adaptive');
      if (ratio !== null && ratio.ci95[0] <= 1.3 && ratio.ci95[1] >= 1.3) held += 1;
    }
    expect(held / experiments).toBeGreaterThanOrEqual(0.93);
    expect(held / experiments).toBeLessThanOrEqual(0.975);
  });

  it('names a winner of two equals in at most 5 %', () => {
    const random = seededRandom(5);
    const budget = { targetHalfWidth: 0.05, mostBlocks: 60, timeMs: Infinity };
    let winners = 0;
    for (let experiment = 0; experiment < experiments; experiment += 1) {
      const { slower, faster } = runAdaptively(1, 0.05, budget, random);
      if (namesWinner([slower, faster], 'adaptive')) winners += 1;
    }
    expect(winners / experiments).toBeLessThanOrEqual(0.05);
  });
});

describe('the stop rule', () => {
  const budget = { targetHalfWidth: 0.05, mostBlocks: 30, timeMs: 60_000 };
  const narrow = { slower: runsOf([200, 200, 200, 200, 200]), faster: runsOf([100, 100, 100, 100, 100]) };
  const wide = { slower: runsOf([200, 300, 150, 260, 210]), faster: runsOf([100, 100, 100, 100, 100]) };

  it('does not look before the fifth block, then ever more seldom', () => {
    const looks: number[] = [];
    for (let blocks = 0; blocks < 28;) {
      const decision = shouldStop({ blocks, spentMs: 0, comparisons: [wide] }, budget, weightsOf);
      if (decision.stop) throw new Error('the budget is not spent');
      blocks = decision.nextLookAtBlocks;
      looks.push(blocks);
    }
    expect(looks).toEqual([5, 6, 8, 10, 12, 15, 18, 22, 27, 30]);
  });

  it('stops where every interval is narrow, and only at a look', () => {
    const soFar = { blocks: 5, spentMs: 0, comparisons: [narrow] };
    expect(shouldStop(soFar, budget, weightsOf)).toEqual({ stop: true, reason: 'narrow', halfWidth: 0 });
    expect(shouldStop({ ...soFar, blocks: 7 }, budget, weightsOf)).toMatchObject({
      stop: false,
      nextLookAtBlocks: 8,
    });
    expect(shouldStop({ ...soFar, comparisons: [narrow, wide] }, budget, weightsOf)).toMatchObject({
      stop: false,
      nextLookAtBlocks: 6,
    });
  });

  it('stops where the blocks or the time are spent, and says which', () => {
    const soFar = { blocks: 6, spentMs: 55_000, comparisons: [wide] };
    expect(shouldStop(soFar, budget, weightsOf)).toMatchObject({ stop: true, reason: 'time' });
    expect(shouldStop({ ...soFar, blocks: 30, spentMs: 0 }, budget, weightsOf)).toMatchObject({
      stop: true,
      reason: 'blocks',
    });
  });

  it('never stops for narrowness where a comparison has no interval yet', () => {
    const soFar = { blocks: 5, spentMs: 0, comparisons: [narrow, { slower: [], faster: [] }] };
    expect(shouldStop(soFar, budget, weightsOf)).toMatchObject({ stop: false, halfWidth: null });
  });
});

describe('the noise floor', () => {
  it('is the farther end of the interval of one strategy over itself', () => {
    const floor = noiseFloor(runsOf([100, 104, 98, 101, 100]), runsOf([101, 100, 100, 100, 99]), weightsOf);
    const [low, high] = floor?.ratio.ci95 ?? [0, 0];
    expect(floor?.noiseRatio).toBe(Math.max(1 / low, high));
    expect(floor?.isBiased).toBe(false);
  });

  it('calls a pair biased that differs though it is the same', () => {
    const first = runsOf([110, 111, 110, 112, 110]);
    expect(noiseFloor(first, runsOf([100, 100, 101, 100, 100]), weightsOf)?.isBiased).toBe(true);
    expect(noiseFloor(first, [], weightsOf)).toBeNull();
  });
});
