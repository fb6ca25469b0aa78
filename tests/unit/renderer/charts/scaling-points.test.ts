import { describe, expect, it } from 'vitest';
import { scalingText } from '../../../../src/renderer/charts/scaling-options.ts';
import { scalingKinks, scalingLines } from '../../../../src/renderer/charts/scaling-points.ts';
import { experimentFrom } from '../../engine/export/sample-experiment.ts';

/** Walls that follow Amdahl's law exactly, T = 1000 · (1 + 0.2 · (N − 1)) / N, a little shaken. */
const amdahl = `
  strategy    | walls by block      | cores | start-up ms | PSS MB
  serial      | 1000 1001 999  1000 | 1.00  | 0.1         | 12
  processes×1 | 1000 1001 999  1000 | 1.00  | 30          | 24
  processes×2 | 600  601  599  600  | 1.93  | 31          | 36
  processes×3 | 467  466  468  467  | 2.9   | 32          | 48
  processes×4 | 400  401  399  400  | 3.8   | 33          | 60
  threads×2   | 999  1001 1000 1000 | 1.00  | 0.3         | 12`;

describe('the scaling of an experiment', () => {
  const experiment = experimentFrom(amdahl);
  const lines = scalingLines(experiment);

  it('has a line for every strategy with more than one number of workers', () => {
    expect(lines.map(({ strategy }) => strategy)).toEqual(['processes']);
    expect(lines[0]?.points.map(({ workers }) => workers)).toEqual([1, 2, 3, 4]);
    expect(lines[0]?.points.map(({ speedup }) => speedup?.median.toFixed(2))).toEqual([
      '1.00',
      '1.67',
      '2.14',
      '2.50',
    ]);
  });

  it('draws the fitted curve through the points, and not beyond where it holds', () => {
    const fit = lines[0]?.scaling?.fit;
    if (fit?.state !== 'fitted') throw new Error('four numbers of workers that follow the law are fitted');
    const curve = lines[0]?.curve ?? [];
    expect(curve[0]?.[0]).toBe(fit.fromWorkers);
    expect(curve.at(-1)?.[0]).toBe(fit.toWorkers);
    for (const [workers, speedup] of curve) {
      expect(speedup).toBeCloseTo(workers / (1 + 0.2 * (workers - 1)), 1);
    }
  });

  it('marks what the machine has two of', () => {
    expect(scalingKinks(experiment)).toEqual([{ atWorkers: 2, reason: 'the number of physical cores' }]);
  });

  it('says in words what it shows', () => {
    expect(scalingText({ lines, kinks: scalingKinks(experiment) })).toBe(
      'Speed-up by number of workers. processes: 1 workers 1.00×, 2 workers 1.67×, 3 workers 2.14×, 4 workers 2.50×. ' +
        '2 is the number of physical cores.',
    );
  });

  it('has none where each strategy was run with one number of workers', () => {
    expect(scalingLines(experimentFrom())).toEqual([]);
  });
});
