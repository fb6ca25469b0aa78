import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../../src/shared/experiment.ts';
import { estimateMedian } from '../../../../src/engine/analysis/statistics.ts';
import { summarizeStrategies } from '../../../../src/engine/analysis/summarize.ts';
import { judge } from '../../../../src/engine/analysis/verdict.ts';
import { seededRandom, type Random } from '../../../../src/engine/random.ts';
import { node } from './drawn-experiment.ts';

/**
 * Simulated experiments whose truth is known: a light form of the simulation that chose the interval (3 000 each, see
 * estimateMedian). Seeds are fixed, so the counts are exact; the bounds are those that the interval has to keep.
 */
const experiments = 400;

interface Noise {
  readonly name: string;
  /** One wall time whose true median is 100. */
  readonly draw: (random: Random) => number;
}

const noises: readonly Noise[] = [
  { name: 'normal', draw: (random) => 100 + 3 * normal(random) },
  { name: 'lognormal', draw: (random) => 100 * Math.exp(0.3 * normal(random)) },
  // Every tenth run is disturbed ten times as much.
  { name: 'heavy-tailed', draw: (random) => 100 * Math.exp((random() < 0.1 ? 0.3 : 0.03) * normal(random)) },
  // Disturbances only ever make a run longer; its median is ln 2 of the mean disturbance above the undisturbed time.
  {
    name: 'one-sided',
    draw: (random) => ((1 - 0.1 * Math.log(1 - random())) / (1 + 0.1 * Math.LN2)) * 100,
  },
];

describe.each([3, 5, 7, 10, 20])('with %i blocks', (blocks) => {
  it.each(noises)('the 95 % interval holds the truth in 93 to 98.5 % under $name noise', ({ draw }) => {
    const random = seededRandom(blocks);
    let held = 0;
    for (let experiment = 0; experiment < experiments; experiment += 1) {
      const walls = Array.from({ length: blocks }, () => draw(random));
      const estimate = estimateMedian(walls, random, 400);
      if (estimate !== null && estimate.ci95[0] <= 100 && estimate.ci95[1] >= 100) held += 1;
    }
    // 400 experiments know their share to 1.1 %: the bounds are widened by two of those.
    expect(held / experiments).toBeGreaterThan(0.93 - 0.022);
    expect(held / experiments).toBeLessThanOrEqual(0.985 + 0.011);
  });
});

describe('three strategies that are all the same', () => {
  it.each([3, 5, 7])('are given a winner in at most 5 % with %i blocks', (blocks) => {
    const random = seededRandom(blocks);
    let winners = 0;
    for (let experiment = 0; experiment < 60; experiment += 1) {
      const results = summarizeStrategies(
        (['serial', 'threads', 'processes'] as const).map((strategy) => ({
          strategy,
          workers: strategy === 'serial' ? 1 : 2,
          runs: Array.from({ length: blocks }, (_, index) => run(index + 1, 100 + 3 * normal(random))),
        })),
        experiment,
      );
      const verdict = judge(results, {
        interpreter: node,
        workloadKind: 'cpu',
        tasks: 2,
        logicalCores: 2,
        seed: experiment,
      });
      if (verdict.state === 'winner') winners += 1;
    }
    expect(winners).toBeLessThanOrEqual(3);
  });
});

function run(block: number, wallMs: number): RunRecord {
  return {
    order: block,
    block,
    warmUp: false,
    state: 'finished',
    wallMs,
    startupMs: 1,
    cpuSeconds: wallMs / 1000,
    effectiveCores: 1,
    peakRssBytes: null,
    peakPssBytes: null,
    checksum: '42',
    workMs: null,
    tearDownMs: null,
    lostTasks: 0,
    metrics: [],
    notes: [],
  };
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
