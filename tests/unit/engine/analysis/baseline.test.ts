import { describe, expect, it } from 'vitest';
import { checkBaseline, compareWithBaseline } from '../../../../src/engine/analysis/baseline.ts';
import { seededRandom } from '../../../../src/engine/random.ts';
import { experimentFrom } from '../export/sample-experiment.ts';

/** Wall times around `medianMs` with a spread of `spread` (a share), from a seeded generator. */
function drawWalls(medianMs: number, spread: number, count: number, seed: number): string {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => (medianMs * (1 + spread * (random() - 0.5))).toFixed(3)).join(
    ' ',
  );
}

function experiment(walls: string, pss = '36'): ReturnType<typeof experimentFrom> {
  return experimentFrom(`
    strategy    | walls by block | cores | start-up ms | PSS MB
    processes×2 | ${walls}       | 1.93  | 31          | ${pss}`);
}

function draw(...args: Parameters<typeof compareWithBaseline>): string[] {
  return compareWithBaseline(...args).map(
    ({ subject, metric, state }) => `${metric} of ${subject}: ${state}`,
  );
}

describe('an experiment against its baseline', () => {
  const before = experiment('500 510 505 495 502 508 498');

  it('is slower where all runs are, by more than sessions differ', () => {
    const after = experiment('600 612 606 594 603 609 597');
    expect(draw(after, before)).toEqual([
      'wall of processes × 2: regression',
      'cpu of processes × 2: regression',
      'peakPss of processes × 2: same',
    ]);
    expect(compareWithBaseline(after, before)[0]?.sentence).toBe(
      'Wall time of processes × 2: 502 ms then, 603 ms now (1.20 times, adjusted p = 0.00087): outside the noise.',
    );
  });

  it('is no regression where the runs lie among each other, or the change is small', () => {
    expect(draw(experiment('510 500 505 495 509 503 499'), before)).toContain('wall of processes × 2: same');
    expect(draw(experiment('515 525 520 510 517 523 513'), before)).toContain('wall of processes × 2: same');
  });

  it('can be better', () => {
    const after = experiment('400 410 405 395 402 408 398', '20');
    expect(draw(after, before)).toEqual([
      'wall of processes × 2: improvement',
      'cpu of processes × 2: improvement',
      'peakPss of processes × 2: improvement',
    ]);
  });

  it('is undecidable after three runs each, however far apart they are', () => {
    const found = compareWithBaseline(experiment('900 910 905'), experiment('500 510 505'));
    expect(found.map(({ state }) => state)).toEqual(['undecidable', 'undecidable', 'undecidable']);
    expect(found[0]?.sentence).toBe(
      'Wall time of processes × 2: 505 ms then, 905 ms now; 3 runs against 3 are too few to tell a change from noise.',
    );
  });

  it('is compared in what both have: same strategy, same number of workers, known figures', () => {
    const now = experimentFrom(`
      strategy    | walls by block      | cores | start-up ms | PSS MB
      serial      | 1000 1010 990  1020 | 1.00  | 0.1         | 12
      processes×2 | 538  541  533  551  | 1.93  | 31          | -
      processes×4 | 538  541  533  551  | 1.93  | 31          | 36`);
    const then = experimentFrom(`
      strategy    | walls by block      | cores | start-up ms | PSS MB
      processes×2 | 538  541  533  551  | 1.93  | 31          | 36
      processes×8 | 538  541  533  551  | 1.93  | 31          | 36`);
    expect(draw(now, then)).toEqual(['wall of processes × 2: same', 'cpu of processes × 2: same']);
  });

  it('cries wolf in at most 5 of 100 sessions that differ by chance alone', () => {
    const alarms = Array.from({ length: 400 }, (_, session) => {
      const now = experiment(drawWalls(500, 0.3, 7, 2 * session + 1));
      const then = experiment(drawWalls(500, 0.3, 7, 2 * session + 2));
      return compareWithBaseline(now, then).some(({ state }) => state === 'regression');
    }).filter(Boolean).length;
    // Both directions are tested and only one is a regression: 2.5 % are to be expected.
    expect(alarms).toBeLessThanOrEqual(20);
  });
});

describe('a baseline', () => {
  const { workload } = experimentFrom();

  it('of the same work is taken', () => {
    const baseline = experimentFrom();
    expect(checkBaseline(workload, baseline, 'old.json')).toEqual({ ok: true, value: baseline });
  });

  it.each([
    [{ ...workload, id: 'sleep' }, 'of workload count-loop, and this comparison of sleep'],
    [{ ...workload, runtime: 'node' as const }, 'of runtime python, and this comparison of node'],
    [{ ...workload, tasks: 4 }, 'of tasks 2, and this comparison of 4'],
    [{ ...workload, params: { n: 5 } }, 'of parameters n=10000000, and this comparison of n=5'],
  ])('of other work is refused (%#)', (now, words) => {
    const checked = checkBaseline(now, experimentFrom(), 'old.json');
    expect(checked.ok ? 'taken' : checked.problem.message).toBe(`--baseline old.json is ${words}.`);
  });
});
