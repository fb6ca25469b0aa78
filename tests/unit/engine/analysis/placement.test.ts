import { describe, expect, it } from 'vitest';
import { placeWorkers, type PlacementSample } from '../../../../src/engine/analysis/placement.ts';

/**
 * Samples every 100 ms, drawn as one line per worker: in each interval the core that it was on at its end, `.` where
 * it did not run, `?` where its core is not known, a blank where it was not there.
 */
function drawSamples(text: string): PlacementSample[] {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [worker = '', cells = ''] = line.trim().split(': ');
      return { worker, cells: Array.from(cells) };
    });
  const length = Math.max(...lines.map(({ cells }) => cells.length));
  const samples: PlacementSample[] = [{ atMs: 0, workers: [] }];
  for (let index = 0; index < length; index += 1) {
    const workers = lines.flatMap(({ worker, cells }) => {
      const cell = cells[index] ?? ' ';
      if (cell === ' ') return [];
      if (cell === '.') return [{ worker, cpuShare: 0, lastCore: 0 }];
      return [{ worker, cpuShare: 0.5, lastCore: cell === '?' ? Number.NaN : Number(cell) }];
    });
    samples.push({ atMs: (index + 1) * 100, workers });
  }
  return samples;
}

function stays(text: string): string[] {
  return placeWorkers(drawSamples(text)).stays.map(
    ({ worker, core, startMs, endMs, cpuShare }) =>
      `${worker} on ${core}: ${startMs}-${endMs} at ${cpuShare}`,
  );
}

describe('the placement of workers', () => {
  it('puts each interval down to the core at its end, and joins those that follow on the same core', () => {
    expect(
      stays(`
        a: 0011
        b: 1100`),
    ).toEqual([
      'a on 0: 0-200 at 0.5',
      'b on 1: 0-200 at 0.5',
      'a on 1: 200-400 at 0.5',
      'b on 0: 200-400 at 0.5',
    ]);
  });

  it('leaves out where a worker did not run, was not there, or was who knows where', () => {
    expect(stays('a: 0.0 ?1')).toEqual([
      'a on 0: 0-100 at 0.5',
      'a on 0: 200-300 at 0.5',
      'a on 1: 500-600 at 0.5',
    ]);
  });

  it('gives the mean share of a stay over intervals of different length', () => {
    const workers = (cpuShare: number): PlacementSample['workers'] => [
      { worker: 'a', cpuShare, lastCore: 2 },
    ];
    const samples = [
      { atMs: 0, workers: workers(1) },
      { atMs: 100, workers: workers(1) },
      { atMs: 400, workers: workers(0.5) },
    ];
    expect(placeWorkers(samples).stays).toEqual([
      { worker: 'a', core: 2, startMs: 0, endMs: 400, cpuShare: 0.625 },
    ]);
  });

  it('says that it is approximate, and says nothing of a single sample', () => {
    expect(placeWorkers([])).toEqual({ isApproximate: true, stays: [] });
    expect(placeWorkers(drawSamples('a: ').slice(0, 1)).stays).toEqual([]);
  });
});
