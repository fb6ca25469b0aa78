import { describe, expect, it } from 'vitest';
import {
  describeRuns,
  orderResults,
  resultColumns,
  type ResultOrder,
} from '../../../../src/renderer/state/result-columns.ts';
import { strategyName } from '../../../../src/shared/strategy-name.ts';
import { experimentFrom } from '../../engine/export/sample-experiment.ts';

const { strategies } = experimentFrom(`
  strategy    | walls by block           | cores | start-up ms | PSS MB
  serial      | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 12
  threads×2   | x    x    x    x    x    | 1.01  | 0.6         | 12.5
  threads×4   | 1015 1012 1000 1031 1004 | 1.01  | 0.6         | -
  processes×2 | 538  541  533  900  x    | 1.93  | 31          | 36`);

function names(order: ResultOrder | null): string[] {
  return orderResults(strategies, order).map(strategyName);
}

describe('the table of strategies', () => {
  it('stands in the order of the plan until it is sorted', () => {
    expect(names(null)).toEqual(['serial', 'threads × 2', 'threads × 4', 'processes × 2']);
  });

  it('is sorted by a figure in both directions, and what is unknown stays last', () => {
    expect(names({ by: 'wall', isDescending: false })).toEqual([
      'processes × 2',
      'serial',
      'threads × 4',
      'threads × 2',
    ]);
    expect(names({ by: 'wall', isDescending: true })).toEqual([
      'threads × 4',
      'serial',
      'processes × 2',
      'threads × 2',
    ]);
    expect(names({ by: 'memory', isDescending: true })).toEqual([
      'processes × 2',
      'serial',
      'threads × 2',
      'threads × 4',
    ]);
  });

  it('is sorted by name and then by workers', () => {
    expect(names({ by: 'strategy', isDescending: false })).toEqual([
      'processes × 2',
      'serial',
      'threads × 2',
      'threads × 4',
    ]);
  });

  it('writes n/a for what nobody knows, and what a ratio is measured against', () => {
    const [serial, failed] = strategies;
    if (serial === undefined || failed === undefined) throw new Error('they were drawn');
    expect(resultColumns.speedup.interval(serial)).toBe('reference');
    expect(resultColumns.wall.text(failed)).toBe('n/a');
    expect(resultColumns.wall.interval(failed)).toBe('n/a');
  });

  it('tells of how many runs a figure is made, and which are odd', () => {
    expect(strategies.map(describeRuns)).toEqual([
      '5 of 5 runs of serial finished',
      '0 of 5 runs of threads × 2 finished',
      '5 of 5 runs of threads × 4 finished',
      '4 of 5 runs of processes × 2 finished; block 4 is an outlier, and counts all the same',
    ]);
  });
});
