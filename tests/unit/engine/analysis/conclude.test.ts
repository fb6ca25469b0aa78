import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../../src/shared/experiment.ts';
import type { CellRuns } from '../../../../src/engine/analysis/measure.ts';
import { concludeDrawing, concludeRuns, node, runsFrom } from './drawn-experiment.ts';

const pythonLoop = `
  strategy    | walls by block           | cores | start-up ms | PSS MB
  serial      | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 12
  threads×1   | 1005 1011 992  1021 1003 | 1.00  | 0.6         | 12
  threads×2   | 1015 1012 1000 1031 1004 | 1.01  | 0.6         | 12.5
  processes×1 | 1031 1040 1022 1050 1030 | 0.98  | 30          | 24
  processes×2 | 538  541  533  551  536  | 1.93  | 31          | 36`;

/** The runs of one strategy with other fields. */
function changed(
  cells: readonly CellRuns[],
  strategy: string,
  fields: Partial<Extract<RunRecord, { state: 'finished' }>>,
): CellRuns[] {
  return cells.map((cell) => ({
    ...cell,
    runs: cell.runs.map((run) =>
      run.state === 'finished' && cell.strategy === strategy ? { ...run, ...fields } : run,
    ),
  }));
}

function sentence(drawing: string): string {
  return concludeDrawing(`strategy | walls | cores | start-up | PSS | checksum\n${drawing}`).verdict.sentence;
}

describe('the conclusion of a matrix', () => {
  const conclusion = concludeDrawing(pythonLoop);

  it('recommends a strategy and a number of workers, and names the lock that makes the difference', () => {
    expect(conclusion.verdict).toMatchObject({
      state: 'winner',
      strategy: 'processes',
      workers: 2,
      tied: ['processes'],
      objective: 'balanced',
      recommended: { strategy: 'processes', workers: 2 },
      tiedCells: [{ strategy: 'processes', workers: 2 }],
      cause: 'gil',
    });
    expect(conclusion.verdict.sentence).toContain(
      "threads × 2 gains nothing, for CPython's global interpreter lock lets one thread run at a time",
    );
  });

  it('has a figure of every kind for every field', () => {
    const processes = conclusion.strategies[4];
    expect(processes).toMatchObject({ strategy: 'processes', workers: 2 });
    expect(processes?.speedup?.median).toBeCloseTo(1.86, 2);
    expect(processes?.analysis).toMatchObject({
      isolated: true,
      isOnParetoFront: true,
      ratioToFastest: { median: 1, ci95: [1, 1] },
      outlierBlocks: [],
      cause: { cause: 'cores' },
    });
    // S = 1000/538: e = (538/1000 − 1/2) / (1/2).
    expect(processes?.analysis?.serialFraction?.median).toBeCloseTo(0.076, 2);
    expect(processes?.analysis?.efficiency?.median).toBeCloseTo(0.93, 2);
    expect(conclusion.strategies[0]?.speedup).toEqual({ median: 1, ci95: [1, 1] });
    expect(conclusion.strategies[0]?.analysis?.cause).toBeNull();
  });

  it('says what a worker costs, and why there is no curve', () => {
    expect(conclusion.scaling.map(({ strategy }) => strategy)).toEqual(['threads', 'processes']);
    expect(conclusion.scaling[1]).toMatchObject({
      memoryPerWorkerBytes: { median: 12e6 },
      fit: {
        state: 'refused',
        reason: 'A scaling curve needs 4 numbers of workers, and only 2 were measured.',
      },
    });
  });
});

describe('the A/A pair', () => {
  const same = `
    strategy  | walls by block           | cores | start-up ms | PSS MB
    serial    | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 40
    threads×2 | 970  975  962  985  968  | 1.00  | 0.6         | 50`;

  it('keeps a difference that noise alone makes from being believed', () => {
    const [control] = runsFrom('strategy | walls\nserial | 1040 950 1030 980 1045 | 1 | 0.1 | 40');
    const withNoise = concludeDrawing(same, { control: control ?? null, interpreter: node, runtime: 'node' });
    expect(withNoise.controlPair).toMatchObject({ strategy: 'serial', workers: 1, isBiased: false });
    expect(withNoise.controlPair?.noiseRatio).toBeGreaterThan(1.03);
    expect(withNoise.controlPair?.runs).toHaveLength(5);
    expect(withNoise.verdict).toMatchObject({
      state: 'no-difference',
      recommended: { strategy: 'serial', workers: 1 },
    });
    expect(withNoise.verdict.sentence).toContain('recommended for being cheaper');
    // Never a strategy of its own.
    expect(withNoise.strategies).toHaveLength(2);
    expect(concludeDrawing(same, { interpreter: node, runtime: 'node' }).verdict.state).toBe('winner');
  });
});

describe('a strategy that was run alone', () => {
  it('is not compared, and what it took is told', () => {
    expect(concludeDrawing('strategy | walls\nthreads×2 | 51 | 1.9 | 0 | 1').verdict).toMatchObject({
      state: 'not-compared',
      strategy: null,
      tied: [],
      recommended: null,
      sentence: 'Threads × 2 alone was run, once, and took 51.0 ms; there is nothing to compare it with.',
    });
  });

  it('has an interval where it ran several times', () => {
    expect(sentence('serial | 90 91 92 90 91 | 1 | 0 | 1')).toBe(
      'Serial alone was run, 5 times, and took 91.0 ms (95 % interval 89.7 ms to 92.3 ms); there is nothing to compare it with.',
    );
  });

  it('has failed where its runs do not agree', () => {
    const [cell] = runsFrom('strategy | walls\nserial | 90 91 | 1 | 0 | 1');
    const [first, second] = cell?.runs ?? [];
    if (cell === undefined || first === undefined || second?.state !== 'finished') throw new Error('no runs');
    const disagreeing = { ...cell, runs: [first, { ...second, checksum: 'other' }] };
    expect(concludeRuns([disagreeing]).verdict.state).toBe('failed');
  });
});

describe('no verdict is given', () => {
  it('where nothing ran or nothing finished', () => {
    expect(concludeDrawing('strategy').verdict.sentence).toBe(
      'Nothing was run, so there is nothing to compare.',
    );
    expect(sentence('serial | x x | 1 | 0 | 1\nthreads×2 | x x | 1 | 0 | 1')).toBe(
      'No run finished, so there is nothing to compare. Serial never finished: The run host ended with exit code ' +
        '137. Give it more memory.',
    );
  });

  it('where the results differ, with both checksums', () => {
    expect(sentence('serial | 9 9 | 1 | 0 | 1 | aa\nthreads×2 | 5 5 | 1 | 0 | 1 | bb')).toBe(
      'The results differ: serial computed aa, but threads × 2 computed bb. Different work was done, so the times ' +
        'cannot be compared. Let what is returned or printed depend on the number of the task alone: not on time, ' +
        'chance, process or worker.',
    );
  });

  it('where the results differ from run to run, with how many there were', () => {
    const cells = runsFrom(`strategy | walls | cores | start-up | PSS | checksum
      serial    | 9 9 9 | 1 | 0 | 1 | aa
      threads×2 | 5 5 5 | 1 | 0 | 1 | bb`);
    const unsteady = cells.map((cell) => ({
      ...cell,
      runs: cell.runs.map((run, index) =>
        run.state === 'finished' ? { ...run, checksum: `${run.checksum}${index}` } : run,
      ),
    }));
    const [serial, threads] = unsteady;
    const [, steady] = cells;
    if (serial === undefined || threads === undefined || steady === undefined) throw new Error('drawn');
    expect(concludeRuns([serial, threads]).verdict.sentence).toContain(
      'The results differ: serial computed 3 results in 3 runs, like aa0 and aa1, but threads × 2 computed 3 results ' +
        'in 3 runs, like bb0 and bb1.',
    );
    expect(concludeRuns([serial, steady]).verdict.sentence).toContain(
      'The results differ: threads × 2 computed bb, but serial computed 3 results in 3 runs, like aa0 and aa1.',
    );
  });

  it('where a strategy never finished with any number of workers, but not where it did with some', () => {
    const one =
      'serial | 90 91 92 | 1 | 0 | 1\nthreads×2 | 50 51 52 | 2 | 0 | 1\nthreads×4 | x x x | 1 | 0 | 1';
    expect(concludeDrawing(`strategy\n${one}`).verdict).toMatchObject({
      state: 'winner',
      recommended: { strategy: 'threads', workers: 2 },
    });
    expect(concludeDrawing(`strategy\n${one}`).verdict.evidence.at(-1)).toMatch(
      /^3 of 3 runs of threads × 4 did not finish: /,
    );
    expect(sentence('serial | 90 91 92 | 1 | 0 | 1\nthreads×4 | t t t | 1 | 0 | 1')).toBe(
      'No verdict: threads × 4 never finished: a run was ended after 10.0 s. Allow more time or make the work smaller.',
    );
  });

  it('and tells a reason that strategies share once, with the run that one was given up for', () => {
    const [serial, threads] = runsFrom('strategy\nserial | x x | 1 | 0 | 1\nthreads×2 | x x | 1 | 0 | 1');
    if (serial === undefined || threads === undefined) throw new Error('two were drawn');
    const failed = (order: number, kind: string, message: string): RunRecord => ({
      order,
      block: 1,
      warmUp: order === 1,
      state: 'failed',
      problem: { kind, message, advice: 'Correct it.' },
    });
    const { sentence: told, evidence } = concludeRuns([
      {
        ...serial,
        runs: [
          failed(1, 'work-failed', 'Workload "module" failed as serial in node: no such thing.'),
          failed(2, 'given-up', 'Not started: serial had already failed 2 times.'),
        ],
      },
      {
        ...threads,
        runs: [
          failed(
            3,
            'work-failed',
            'Workload "module" failed as threads in node: worker 1 failed: no such thing.',
          ),
        ],
      },
    ]).verdict;
    expect(told).toBe(
      'No run finished, so there is nothing to compare. Serial never finished: Workload "module" failed as serial in ' +
        'node: no such thing. Correct it.',
    );
    expect(evidence).toEqual([
      '1 of 1 runs of serial and 1 of 1 runs of threads × 2 did not finish, for that reason.',
    ]);
  });

  it('where work was lost', () => {
    const cells = runsFrom('strategy\nserial | 90 91 | 1 | 0 | 1\nprocesses×2 | 50 51 | 2 | 0 | 1');
    expect(concludeRuns(changed(cells, 'processes', { lostTasks: 1 })).verdict.sentence).toBe(
      'Processes × 2 lost 1 of 2 tasks with a worker that died. What was not done took no time, so the times cannot ' +
        'be compared.',
    );
  });
});

describe('the evidence', () => {
  it('tells how many runs were disturbed, and by what', () => {
    const disturbances = [{ kind: 'steal', detail: 'The hypervisor took its share.' }] as const;
    const { verdict } = concludeRuns(changed(runsFrom(pythonLoop), 'serial', { disturbances }));
    expect(verdict.evidence).toContain(
      '5 of 25 runs were disturbed, for example run 1: The hypervisor took its share.',
    );
    // They count all the same.
    expect(verdict.state).toBe('winner');
    const [serial, ...others] = runsFrom(pythonLoop);
    const [first, ...later] = serial?.runs ?? [];
    if (serial === undefined || first?.state !== 'finished') throw new Error('drawn with finished runs');
    const one = { ...serial, runs: [{ ...first, disturbances }, ...later] };
    expect(concludeRuns([one, ...others]).verdict.evidence).toContain(
      '1 of 25 runs was disturbed: The hypervisor took its share.',
    );
  });

  it('asks to measure again where other programs were busy during most runs', () => {
    const disturbances = [
      { kind: 'background-load', detail: 'Other programs kept 1.50 cores busy.' },
    ] as const;
    const all = ['serial', 'threads', 'processes'].reduce<readonly CellRuns[]>(
      (cells, strategy) => changed(cells, strategy, { disturbances }),
      runsFrom(pythonLoop),
    );
    expect(concludeRuns(all).verdict.wouldChange).toMatch(
      /^Other programs kept cores busy during most runs: measure again when the machine is quiet\. /,
    );
  });

  it('tells what cannot be shared out evenly', () => {
    expect(concludeDrawing(pythonLoop, { workloadKind: 'cpu', tasks: 3 }).verdict.evidence).toContain(
      '3 tasks cannot be shared out evenly among 2 workers: 1.50 times as fast as serial is the most there can be.',
    );
  });
});
