import { describe, expect, it } from 'vitest';
import { experimentToHyperfineJson, toHyperfine } from '../../../../src/engine/export/hyperfine.ts';
import { experimentFrom } from './sample-experiment.ts';

describe('the export for hyperfine’s scripts', () => {
  const exported = toHyperfine(
    experimentFrom(`
      strategy    | walls by block | cores | start-up ms | PSS MB
      serial      | 1000 1200 1100 | 1.00  | 0.1         | 12
      threads×2   | x    x    x    | 1.01  | 0.6         | 12.5
      processes×2 | 538  x    542  | 1.5   | 31          | -`),
  );

  it('has what both versions of the scripts read, in seconds, of runs that finished', () => {
    const quantity = (value: number, unit = 'second'): object => ({ value, unit });
    const summary = (mean: number, stddev: number, min: number, max: number): object => ({
      unit: 'second',
      count: 2,
      mean,
      stddev,
      median: mean,
      min,
      max,
    });
    expect(exported.results[1]).toEqual({
      command: 'processes × 2',
      name: 'processes × 2',
      mean: 0.54,
      stddev: 0.002828,
      median: 0.54,
      user: null,
      system: null,
      min: 0.538,
      max: 0.542,
      times: [0.538, 0.542],
      exit_codes: [0, 0],
      parameters: { workload: 'count-loop', runtime: 'python', strategy: 'processes', workers: '2' },
      measurements: [
        { time_wall_clock: quantity(0.538), time_cpu: quantity(0.807), exit_code: 0 },
        { time_wall_clock: quantity(0.542), time_cpu: quantity(0.813), exit_code: 0 },
      ],
      summary: {
        time_wall_clock: summary(0.54, 0.002828, 0.538, 0.542),
        time_cpu: summary(0.81, 0.004243, 0.807, 0.813),
      },
    });
  });

  it('leaves out strategies of which nothing finished', () => {
    expect(exported.results.map(({ command }) => command)).toEqual(['serial', 'processes × 2']);
  });

  it('tells memory where all runs know it', () => {
    expect(exported.results[0]?.memory_usage_byte).toEqual([12e6, 12e6, 12e6]);
    expect(exported.results[0]?.summary['memory_peak_resident']).toMatchObject({ unit: 'byte', mean: 12e6 });
  });

  it('has no deviation for a single run, as hyperfine has none', () => {
    const [result] = toHyperfine(
      experimentFrom(`
        strategy | walls by block | cores | start-up ms | PSS MB
        serial   | 1000           | 1.00  | 0.1         | 12`),
    ).results;
    expect([result?.mean, result?.stddev]).toEqual([1, null]);
  });

  it('is JSON without a number that JSON cannot hold', () => {
    const experiment = experimentFrom();
    const text = experimentToHyperfineJson(experiment);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(toHyperfine(experiment))));
    expect(text.endsWith('}\n')).toBe(true);
  });
});
