import { describe, expect, it } from 'vitest';
import { medianWeightsBySize } from '../../../../../src/engine/analysis/inference/median-weights.ts';
import { pairedRatio } from '../../../../../src/engine/analysis/inference/paired-ratio.ts';
import { isGainDoubtful } from '../../../../../src/engine/analysis/matrix/mechanism.ts';
import type { RunMeasurement } from '../../../../../src/engine/analysis/measurements.ts';
import { seededRandom } from '../../../../../src/engine/random.ts';
import { cell, drawBlockEffects, drawRuns, run } from '../simulate.ts';
import { analyzeDrawing } from './drawn-matrix.ts';

const tools = { weightsOf: medianWeightsBySize(1, 10_000), stopping: 'fixed' } as const;

/** Of serial where threads take 1000 ms: 1.10 times as long (95 % interval 1.01 to 1.20). */
const slowerWalls = [1020, 1045, 1080, 1100, 1150, 1210, 1190];

/** What a run of that wall time took, given as shares of it. */
interface Drawn {
  readonly cores?: number | null;
  readonly inLine?: number | null;
  readonly startup?: number | null;
  readonly messages?: number | null;
}

function runsAt(walls: readonly number[], { cores, inLine, startup, messages }: Drawn): RunMeasurement[] {
  const share = (value: number | null | undefined, wallMs: number, unless: number): number | null =>
    value === null ? null : (value ?? unless) * wallMs;
  return walls.map((wallMs, index) => {
    const startupMs = share(startup, wallMs, 0.01);
    return run(index + 1, wallMs, {
      cpuSeconds: share(cores, wallMs / 1000, 1),
      runnableMs: inLine === undefined ? null : share(inLine, wallMs, 0),
      startupMs,
      workMs: startupMs === null ? null : wallMs - startupMs,
      messageMs: share(messages, wallMs, 0),
    });
  });
}

function isDoubtful(serial: Drawn, threads: Drawn, walls = slowerWalls): boolean {
  const slower = cell('serial', 1, runsAt(walls, serial));
  const fasterWalls = walls.map(() => 1000);
  const faster = cell('threads', 2, runsAt(fasterWalls, threads));
  const gain = pairedRatio(slower.runs, faster.runs, tools.weightsOf);
  if (gain === null) throw new Error('there are blocks');
  return isGainDoubtful(slower, faster, gain, tools);
}

describe('a gain of 1.10 that an interval just calls one', () => {
  it('is doubtful where as many cores were busy and the start-up was the same', () => {
    expect(isDoubtful({}, {})).toBe(true);
    expect(isDoubtful({ cores: 1 }, { cores: 1.01 })).toBe(true);
  });

  it('is believed where more cores were busy, by half of the gain at least', () => {
    expect(isDoubtful({ cores: 1 }, { cores: 1.06 })).toBe(false);
    expect(isDoubtful({ cores: 1 }, { cores: 1.04 })).toBe(true);
  });

  it('is believed where serial waited more, for that is fewer cores busy', () => {
    expect(isDoubtful({ cores: 0.2 }, { cores: 0.22 })).toBe(false);
  });

  it('is doubtful where serial had fewer cores only because it stood in line behind other programs', () => {
    expect(isDoubtful({ cores: 0.9, inLine: 0.1 }, { cores: 1, inLine: 0 })).toBe(true);
    expect(isDoubtful({ cores: 0.9, inLine: 0.1 }, { cores: 1, inLine: 0.1 })).toBe(false);
  });

  it('is believed where starting workers took less by half of the gain at least', () => {
    expect(isDoubtful({ startup: 0.1 }, { startup: 0.01 })).toBe(false);
    expect(isDoubtful({ startup: 0.04 }, { startup: 0.01 })).toBe(true);
  });

  it('is believed where messages took less', () => {
    expect(isDoubtful({ messages: 0.1 }, { messages: 0.01 })).toBe(false);
  });

  it('is not doubted for what is unknown', () => {
    expect(isDoubtful({ cores: null }, {})).toBe(false);
    expect(isDoubtful({}, { startup: null })).toBe(false);
    expect(isDoubtful({}, { messages: null })).toBe(false);
  });
});

describe('a gain that stands on its own', () => {
  it('is believed unexplained where its whole interval lies above 1.25', () => {
    expect(isDoubtful({}, {}, [1300, 1400, 1600, 1500, 1550, 1700, 1450])).toBe(false);
  });

  it('is believed unexplained where an interval twice as wide calls it one', () => {
    expect(isDoubtful({}, {}, [1095, 1098, 1100, 1101, 1105, 1102, 1099])).toBe(false);
  });
});

describe('work behind a lock, on a machine that is slower in some runs than in others', () => {
  /** How often threads, which do the same at the same time, are recommended for being faster. */
  function recommendedShare(blocks: number, experiments: number): { told: number; doubted: number } {
    const random = seededRandom(blocks);
    let [told, doubted] = [0, 0];
    for (let experiment = 0; experiment < experiments; experiment += 1) {
      const drift = drawBlockEffects(blocks, 0.2, random);
      const [slower, faster] = ['serial', 'threads'].map((strategy) =>
        cell(
          strategy,
          strategy === 'serial' ? 1 : 2,
          // The clock that falls makes the same work cost more CPU time, too: one core is busy throughout.
          drawRuns(1000, 0.05, drift, random).flatMap(({ wallMs }, index) =>
            runsAt([wallMs], { cores: 1 + 0.004 * (random() - 0.5) }).map((drawn) => ({
              ...drawn,
              block: index + 1,
            })),
          ),
        ),
      );
      if (slower === undefined || faster === undefined) throw new Error('there are two');
      const gain = pairedRatio(slower.runs, faster.runs, tools.weightsOf);
      if (gain === null || gain.ci95[0] <= 1) continue;
      told += 1;
      if (isGainDoubtful(slower, faster, gain, tools)) doubted += 1;
    }
    return { told, doubted };
  }

  it.each([5, 7, 10])(
    'is told faster by its interval in 1 to 4 of 100 with %i blocks, and nearly all of that is doubted',
    (blocks) => {
      const experiments = 1000;
      const { told, doubted } = recommendedShare(blocks, experiments);
      expect(told / experiments).toBeGreaterThan(0.01);
      expect(told / experiments).toBeLessThan(0.04);
      expect((told - doubted) / experiments).toBeLessThanOrEqual(0.005);
    },
  );
});

describe('the verdict on a gain that nothing explains', () => {
  const lockBound = `
    cell      | walls by block                    | cores | start-up ms | PSS MB | blocked | messages
    serial    | 1020 1045 1080 1100 1150 1210 1190 | 1.00  | 0           | 40     | 0       | 0
    threads×2 | 1000 1000 1000 1000 1000 1000 1000 | 1.00  | 1           | 40.2   | 0.49    | 0`;

  it.each(['balanced', 'fastest', 'leanest'] as const)(
    'recommends what is cheaper, says so, and still finds the lock (%s)',
    (objective) => {
      const { verdict } = analyzeDrawing(lockBound, { objective });
      expect(verdict).toMatchObject({
        state: 'no-difference',
        recommended: { strategy: 'serial', workers: 1 },
        tied: ['threads × 2', 'serial'],
        cause: 'lock',
        wouldChange: 'More blocks would show whether threads × 2 is really the faster one.',
      });
      expect(verdict.sentence).toContain(
        '; threads × 2 was 1.10 times as fast (95 % interval 1.01 to 1.20), but nothing that was ' +
          'measured explains it: no more cores busy, no less waiting, start-up or messages, and it is recommended ' +
          'for being cheaper: fewer workers; with threads × 2, the workers wait for one another, as behind a lock',
      );
      expect(verdict.sentence).not.toContain('no detectable difference in time');
    },
  );

  it('is the winner where it is the cheaper one as well: nothing rests on the gain then', () => {
    const { verdict } = analyzeDrawing(
      lockBound.replace('serial    |', 'threads×4 |').replace('threads×2 |', 'async×2   |'),
    );
    expect(verdict).toMatchObject({ state: 'winner', recommended: { strategy: 'async' }, tied: ['async'] });
  });

  it('leaves a small gain by more cores busy as it is', () => {
    const { verdict } = analyzeDrawing(lockBound.replace('1000 | 1.00', '1000 | 1.10'));
    expect(verdict).toMatchObject({ state: 'winner', tied: ['threads × 2'] });
  });
});
