import { describe, expect, it } from 'vitest';
import { mostLevel, unknownLevel, type RunHeatmap } from '../../../../src/shared/run-heatmap.ts';
import { heatmapsOf, judgeAgain, type LastExperiment } from '../../../../src/main/answers/last-experiment.ts';
import { experimentFrom, traceFrom } from '../../engine/export/sample-experiment.ts';

const experiment = experimentFrom(`
  strategy    | walls by block | cores | start-up ms | PSS MB
  serial      | 1000 900 1100  | 1.00  | 0.1         | 12
  processes×2 | 500  510 x     | 1.93  | 31          | 36`);

const limits = {
  usableCores: 2,
  physicalCores: 2,
  performanceCores: null,
  quotaCores: null,
  memoryBytes: 8e9,
};

const last: LastExperiment = {
  experiment,
  limits,
  traces: [
    traceFrom('|####|\n|0000|', { order: 1 }),
    traceFrom('|####|\n|0000|', { order: 2 }),
    traceFrom('|5?|\n|#5|', { order: 1, strategy: 'processes', workers: 2 }),
  ],
};

function heatmaps(which: 'representative' | 'all'): readonly RunHeatmap[] {
  const answer = heatmapsOf(last, which);
  if (!answer.ok) throw new Error(answer.problem.message);
  return answer.value.runs;
}

/** As `traceFrom` reads it, one character for a quarter of the scale. */
function picture({ coreCount, levels }: RunHeatmap): string[] {
  const columns = levels.length / coreCount;
  return Array.from({ length: coreCount }, (_, core) =>
    [0, 1, 2, 3]
      .map((quarter) => levels[core * columns + Math.floor(((quarter + 0.5) * columns) / 4)])
      .map((level) => {
        if (level === unknownLevel) return '.';
        return level === mostLevel ? '#' : String(Math.round(((level ?? 0) / mostLevel) * 10));
      })
      .join(''),
  );
}

describe('pictures of the runs of the last comparison', () => {
  it('are of the middle run of each strategy, all on the scale of the longest', () => {
    const [serial, processes] = heatmaps('representative');
    expect(heatmaps('representative')).toHaveLength(2);
    expect(serial).toMatchObject({ strategy: 'serial', order: 1, wallMs: 1000, lengthMs: 400 });
    expect(serial && picture(serial)).toEqual(['####', '0000']);
    expect(processes && picture(processes)).toEqual(['5...', '#5..']);
  });

  it('tell where the measured interval lies, and the mean load of every core in it', () => {
    const [serial, processes] = heatmaps('representative');
    expect(serial).toMatchObject({ workStartMs: 100, workEndMs: 400, meanBusy: [1, 0] });
    // The only sample of its first core is unknown.
    expect(processes?.meanBusy).toEqual([Number.NaN, 0.5]);
  });

  it('are of every run that was sampled where all are asked for', () => {
    expect(heatmaps('all').map((run) => [run.strategy, run.order, run.isRepresentative])).toEqual([
      ['serial', 1, true],
      ['serial', 2, false],
      ['processes', 1, true],
    ]);
  });

  it('are refused in words while nothing has finished', () => {
    expect(heatmapsOf(null, 'all')).toMatchObject({ ok: false, problem: { kind: 'no-experiment' } });
  });
});

describe('a judgement for another objective', () => {
  it('replaces the experiment and keeps its traces', () => {
    const judged = judgeAgain(last, 'leanest');
    expect(judged).toMatchObject({ ok: true, value: { traces: last.traces, limits } });
    expect(judged.ok && judged.value.experiment.verdict.objective).toBe('leanest');
  });

  it('needs an experiment', () => {
    expect(judgeAgain(null, 'leanest')).toMatchObject({ ok: false, problem: { kind: 'no-experiment' } });
  });
});
