import { describe, expect, it } from 'vitest';
import { breakEven } from '../../../../../src/engine/analysis/costs/break-even.ts';
import { costsOf } from '../../../../../src/engine/analysis/costs/costs.ts';
import { costPerWorker, theilSenSlope } from '../../../../../src/engine/analysis/costs/slope.ts';
import { medianWeightsBySize } from '../../../../../src/engine/analysis/inference/median-weights.ts';
import type { Cell } from '../../../../../src/engine/analysis/measurements.ts';
import { seededRandom } from '../../../../../src/engine/random.ts';
import { cell, normal, run, runsOf } from '../simulate.ts';

const weightsOf = medianWeightsBySize(1, 10_000);

describe("Theil and Sen's slope", () => {
  it("agrees with scipy's, which one wild point does not move far", () => {
    const points = [2, 4.1, 5.9, 8.2, 30].map((y, index) => ({ x: index + 1, y }));
    expect(theilSenSlope(points)).toBeCloseTo(2.2, 12);
  });

  it('is unknown where nothing was varied', () => {
    expect(
      theilSenSlope([
        { x: 2, y: 1 },
        { x: 2, y: 9 },
      ]),
    ).toBeNull();
    expect(theilSenSlope([])).toBeNull();
  });
});

describe('what one worker more costs', () => {
  it('is the slope within each block, and the median over the blocks', () => {
    const cells = [1, 2, 4].map((workers) =>
      cell('processes', workers, [
        run(1, 100, { peakPssBytes: 10e6 + workers * 8e6 }),
        run(2, 100, { peakPssBytes: 50e6 + workers * 9e6 }),
        run(3, 100, { peakPssBytes: workers * 10e6 }),
        // Nothing to draw a line through.
        ...(workers === 4 ? [run(4, 100, { peakPssBytes: 1e6 })] : [run(4, 100)]),
      ]),
    );
    const slope = costPerWorker(cells, 'peakPssBytes', weightsOf);
    expect(slope?.median).toBe(9e6);
    expect(slope?.ci95[0]).toBeLessThan(8e6);
    expect(slope?.ci95[1]).toBeGreaterThan(10e6);
  });

  it('is unknown where it was read in one block only', () => {
    const cells = [1, 2].map((workers) => cell('threads', workers, runsOf([100], { peakPssBytes: 1e6 })));
    expect(costPerWorker(cells, 'peakPssBytes', weightsOf)).toBeNull();
  });
});

describe('the costs of a cell', () => {
  it('have intervals that do not reach below 0, where no cost can be', () => {
    const startups = [0.1, 0.2, 30];
    const { startupMs } = costsOf(
      cell(
        'threads',
        2,
        startups.map((startup, index) => run(index + 1, 100, { startupMs: startup })),
      ),
      weightsOf,
    );
    expect(startupMs?.median).toBe(0.2);
    expect(startupMs?.ci95[0]).toBe(0);
    expect(startupMs?.ci95[1]).toBeGreaterThan(1);
  });

  it('are medians of what is known, 0 switches included', () => {
    const costs = costsOf(
      cell('threads', 2, [
        run(1, 100, { startupMs: 4, voluntarySwitches: 0 }),
        run(2, 100, { startupMs: 6, voluntarySwitches: 0 }),
        run(3, 100, { startupMs: null, voluntarySwitches: 0 }),
      ]),
      weightsOf,
    );
    expect(costs.startupMs?.median).toBe(5);
    expect(costs.voluntarySwitches).toEqual({ median: 0, ci95: [0, 0] });
    expect(costs.peakPssBytes).toBeNull();
  });
});

describe('the length of a task from which the slower starter is the faster', () => {
  const blocks = [1, 2, 3, 4, 5];
  function measured(strategy: string, startupMs: number, workMs: (block: number) => number): Cell {
    return cell(
      strategy,
      strategy === 'serial' ? 1 : 2,
      blocks.map((block) => run(block, startupMs + workMs(block), { startupMs, workMs: workMs(block) })),
    );
  }
  const serial = measured('serial', 0, () => 1000);

  it('is hand-computed: 40 ms of start-up against half of the work, for 4 tasks: 20 ms each', () => {
    const result = breakEven(
      serial,
      serial,
      measured('processes', 40, () => 500),
      4,
      200,
      seededRandom(1),
    );
    expect(result).toEqual({ state: 'breaks-even', fasterBeyond: 'second', taskMs: 20, low: 20, high: 20 });
  });

  it('does not depend on which is named first', () => {
    const result = breakEven(
      serial,
      measured('processes', 40, () => 500),
      serial,
      4,
      200,
      seededRandom(1),
    );
    expect(result).toMatchObject({ state: 'breaks-even', fasterBeyond: 'first', taskMs: 20 });
  });

  it('has no upper end where the gain might be none', () => {
    const walls = [900, 1100, 800, 1050, 950];
    const noisy = measured('processes', 40, (block) => walls[block - 1] ?? Number.NaN);
    const result = breakEven(serial, serial, noisy, 1, 2000, seededRandom(1));
    expect(result).toMatchObject({ state: 'breaks-even', taskMs: 800, high: null });
  });

  it('is not there where one is faster at any length', () => {
    const slower = measured('threads', 5, () => 1010);
    expect(breakEven(serial, serial, slower, 1, 200, seededRandom(1))).toEqual({
      state: 'no-crossing',
      faster: 'first',
    });
    expect(breakEven(serial, slower, serial, 1, 200, seededRandom(1))).toEqual({
      state: 'no-crossing',
      faster: 'second',
    });
    expect(
      breakEven(
        serial,
        serial,
        measured('async', 0, () => 500),
        1,
        200,
        seededRandom(1),
      ),
    ).toEqual({
      state: 'no-crossing',
      faster: 'second',
    });
  });

  it('is unknown where the phases are', () => {
    const untold = cell('processes', 2, runsOf([500, 500, 500]));
    expect(breakEven(serial, serial, untold, 1, 200, seededRandom(1))).toEqual({ state: 'unknown' });
  });

  it('holds the truth in 91 to 99 of 100 experiments', () => {
    const random = seededRandom(7);
    let held = 0;
    for (let experiment = 0; experiment < 100; experiment += 1) {
      const slow = measured('processes', 0, () => 0).runs.map(({ block }) => {
        const startupMs = 40 * Math.exp(0.1 * normal(random));
        const workMs = 500 * Math.exp(0.03 * normal(random));
        return run(block, startupMs + workMs, { startupMs, workMs });
      });
      const result = breakEven(serial, serial, cell('processes', 2, slow), 1, 500, seededRandom(experiment));
      if (result.state === 'breaks-even' && result.low <= 80 && (result.high ?? Infinity) >= 80) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(91);
    expect(held).toBeLessThanOrEqual(99);
  });
});
