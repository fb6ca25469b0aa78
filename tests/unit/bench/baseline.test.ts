import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkAgainstBaseline, readBaseline, renewBaseline } from '../../../bench/sampler/baseline.ts';
import { nameOfCell, plans } from '../../../bench/sampler/plan.ts';

const baseline = [
  { cell: '10 Hz, 50 processes', peer: 'pidusage', ratio: 0.5, tolerance: 1.3 },
  { cell: '10 Hz, 50 processes', peer: 'top', ratio: 0.2, tolerance: 2 },
  { cell: '1 Hz, 50 processes', peer: 'top', ratio: 0.1, tolerance: 1.3 },
];
const cell = '10 Hz, 50 processes';

describe('the baseline of ratios', () => {
  it('lets a ratio be as much worse as its tolerance says, and no more', () => {
    const verdict = checkAgainstBaseline(baseline, [
      { cell, peer: 'pidusage', ratio: 0.65 },
      { cell, peer: 'top', ratio: 0.41 },
    ]);
    expect(verdict).toEqual({
      worse: ['10 Hz, 50 processes: ours / top is 0.410, over 0.400 (baseline 0.2 x tolerance 2)'],
      unchecked: [],
    });
  });

  it('says which peer it could not check, and asks nothing about cells that were left out', () => {
    const verdict = checkAgainstBaseline(baseline, [
      { cell, peer: 'pidusage', ratio: 0.1 },
      { cell, peer: 'top', ratio: Number.NaN },
    ]);
    expect(verdict).toEqual({ worse: [], unchecked: ['10 Hz, 50 processes: top was not measured'] });
  });

  it('is renewed where there are new figures, and keeps its tolerances', () => {
    const renewed = renewBaseline(baseline, [
      { cell, peer: 'top', ratio: 0.12345 },
      { cell, peer: 'pidusage', ratio: Number.NaN },
      { cell, peer: 'htop', ratio: 0.05 },
    ]);
    expect(renewed).toEqual([
      baseline[0],
      { cell, peer: 'top', ratio: 0.123, tolerance: 2 },
      baseline[2],
      { cell, peer: 'htop', ratio: 0.05, tolerance: 1.3 },
    ]);
  });

  it('of this project speaks of cells that are measured', () => {
    const known = new Set(Object.values(plans).flatMap((plan) => plan.cells.map(nameOfCell)));
    const entries = readBaseline(join(import.meta.dirname, '..', '..', '..', 'bench', 'baseline.json'));
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter((entry) => !known.has(entry.cell))).toEqual([]);
  });
});
