import { describe, expect, it } from 'vitest';
import { analyzeMatrix } from '../../../../../src/engine/analysis/matrix/analyze.ts';
import { objectives } from '../../../../../src/shared/experiment-analysis.ts';
import { seededRandom } from '../../../../../src/engine/random.ts';
import { cell, drawBlockEffects, drawRuns, runsOf } from '../simulate.ts';
import { analyzeDrawing } from './drawn-matrix.ts';

const python = { interpreter: { name: 'CPython', gilEnabled: true } };

const nodeComputing = `
  cell        | walls by block           | cores | start-up ms | PSS MB | blocked | messages
  serial      | 1000 1010 990  1020 1000 | 1.00  | 0           | 40     | 0       | 0
  threads×2   | 530  521  528  520  529  | 1.92  | 12          | 55     | 0.01    | 0.01
  threads×4   | 280  271  278  270  279  | 3.80  | 20          | 75     | 0.01    | 0.01
  processes×2 | 532  530  519  531  520  | 1.93  | 31          | 93     | 0.01    | 0.01
  processes×4 | 272  280  269  281  270  | 3.82  | 60          | 170    | 0.01    | 0.01`;

describe('where the usual advice is right', () => {
  const pythonComputing = `
    cell        | walls by block           | cores | start-up ms | PSS MB | blocked | messages
    serial      | 1000 1010 990  1020 1000 | 1.00  | 0           | 12     | 0       | 0
    threads×4   | 1015 1012 1000 1031 1004 | 1.01  | 1           | 13     | 0.74    | 0
    processes×4 | 290  292  289  291  290  | 3.70  | 31          | 40     | 0.02    | 0.01`;

  it('Python that computes: processes win, and the sentence says by how much, why and at what cost', () => {
    const { verdict, cells } = analyzeDrawing(pythonComputing, python);
    expect(verdict).toMatchObject({
      state: 'winner',
      recommended: { strategy: 'processes', workers: 4 },
      tied: ['processes × 4'],
      pareto: ['serial', 'processes × 4'],
      cause: 'gil',
    });
    expect(verdict.sentence).toBe(
      'Run it as processes × 4 for the best balance of time, memory and CPU time; it is 3.45 times as fast as ' +
        'serial (95 % interval 3.41 to 3.48); the cause: it keeps 3.70 cores busy where serial keeps 1.00; ' +
        "threads × 4 gains nothing, for CPython's global interpreter lock lets one thread run at a time; it " +
        'costs 31.0 ms more start-up and 28.0 MB more memory than serial.',
    );
    expect(verdict.wouldChange).toMatch(
      /^Tasks shorter than .* of serial work .* would make serial the faster one\.$/,
    );
    expect(verdict.holdsFor).toBe('This holds for this machine, this input and this build.');
    expect(cells[1]?.cause?.cause).toBe('gil');
  });

  it('flags what disturbed a run and adjusts the tests over the matrix', () => {
    const { cells } = analyzeDrawing(
      pythonComputing
        .replace('1004', '1900')
        .replace('1020 1000', '1020 1005')
        .replace('291  290', '291  293'),
      python,
    );
    expect(cells[1]?.outlierBlocks).toEqual([5]);
    expect(cells[1]?.cell.runs).toHaveLength(5);
    // 5 against 5, all smaller: 2/252; the other is not told apart.
    expect(cells[2]?.test?.p).toBeCloseTo(2 / 252, 12);
    expect(cells[2]?.adjustedP).toBeCloseTo(4 / 252, 12);
    expect(cells[2]?.shiftMs).toMatchObject({ shift: -714.0, confidence: 0.9375 });
  });
});

describe('where the usual advice is wrong', () => {
  it('Python that hashes large buffers: threads scale under the lock, tie with processes and are leaner', () => {
    const { verdict } = analyzeDrawing(
      `
      cell        | walls by block      | cores | start-up ms | PSS MB | blocked | messages
      serial      | 1000 1010 990  1020 | 1.00  | 0           | 60     | 0       | 0
      threads×4   | 262  268  259  266  | 3.85  | 1           | 62     | 0.02    | 0
      processes×4 | 266  262  264  261  | 3.80  | 31          | 110    | 0.02    | 0.01`,
      python,
    );
    expect(verdict).toMatchObject({
      state: 'no-difference',
      recommended: { strategy: 'threads', workers: 4 },
      cause: 'cores',
    });
    expect(verdict.sentence).toContain('there is no detectable difference in time to processes × 4');
    expect(verdict.sentence).toContain(
      'and it is recommended for being cheaper: at least 48.0 MB less memory',
    );
  });

  it('tiny tasks: serial wins, for workers take longer to start than to work', () => {
    const { verdict } = analyzeDrawing(`
      cell        | walls by block | cores | start-up ms | PSS MB | blocked | messages
      serial      | 10 11 10 10 11 | 1.00  | 0           | 12     | 0       | 0
      threads×2   | 40 41 42 40 40 | 1.10  | 33          | 30     | 0.1     | 0.02
      processes×2 | 90 91 92 95 90 | 1.20  | 80          | 60     | 0.1     | 0.02`);
    expect(verdict).toMatchObject({
      state: 'winner',
      recommended: { strategy: 'serial' },
      cause: 'start-up',
    });
    expect(verdict.sentence).toContain('with threads × 2, starting the workers takes longer than their work');
    expect(verdict.wouldChange).toMatch(
      /^Tasks longer than .* of serial work would make threads the faster one\.$/,
    );
  });

  it('large results: messages dominate, and serial wins', () => {
    const { verdict } = analyzeDrawing(`
      cell        | walls by block      | cores | start-up ms | PSS MB | blocked | messages
      serial      | 300 305 298 301 303 | 1.00  | 0           | 120    | 0       | 0
      processes×4 | 610 640 620 615 625 | 1.40  | 60          | 500    | 0.4     | 0.65`);
    expect(verdict).toMatchObject({ recommended: { strategy: 'serial' }, cause: 'messages' });
  });

  it('large results: says of every way why it did not help, where that is clear', () => {
    const { verdict } = analyzeDrawing(
      `
      cell        | walls by block      | cores | start-up ms | PSS MB | blocked | messages
      serial      | 300 305 298 301 303 | 1.00  | 0           | 120    | 0       | 0
      threads×2   | 301 302 300 304 299 | 1.00  | 1           | 121    | 0.5     | 0
      processes×2 | 610 640 620 615 625 | 1.40  | 60          | 500    | 0.4     | 0.65
      processes×4 | 720 740 720 715 725 | 1.40  | 400         | 900    | 0.4     | 0.65`,
      python,
    );
    expect(verdict).toMatchObject({ recommended: { strategy: 'serial' }, cause: 'messages' });
    expect(verdict.sentence).toContain(
      'with processes × 2, tasks and results spend much of the time on their way and with processes × 4, ' +
        'starting the workers takes longer than their work',
    );
  });

  it('Node that computes: threads and processes tie in time, and threads are leaner', () => {
    const { verdict } = analyzeDrawing(nodeComputing);
    expect(verdict).toMatchObject({
      state: 'no-difference',
      recommended: { strategy: 'threads', workers: 4 },
      tied: ['processes × 4', 'threads × 4'],
      pareto: ['serial', 'threads × 2', 'threads × 4', 'processes × 2', 'processes × 4'],
    });
  });

  it('sleep: async is as fast as any and the leanest', () => {
    const { verdict } = analyzeDrawing(`
      cell         | walls by block           | cores | start-up ms | PSS MB | blocked | messages
      serial       | 1600 1601 1600 1602 1600 | 0.01  | 0           | 40     | 0.99    | 0
      async×16     | 101  102  101  103  102  | 0.03  | 0           | 41     | 0.99    | 0
      threads×16   | 102  101  103  102  101  | 0.10  | 3           | 130    | 0.99    | 0
      processes×16 | 103  102  101  101  103  | 0.20  | 4           | 600    | 0.99    | 0`);
    expect(verdict).toMatchObject({
      state: 'no-difference',
      recommended: { strategy: 'async', workers: 16 },
      cause: 'waiting',
    });
  });

  it('a lock held throughout: nothing helps, so the cheapest is recommended for being cheaper', () => {
    const { verdict } = analyzeDrawing(`
      cell      | walls by block           | cores | start-up ms | PSS MB | blocked | messages
      serial    | 1000 1010 990  1020 1000 | 1.00  | 0           | 40     | 0       | 0
      threads×4 | 1005 1012 991  1011 1004 | 1.00  | 12          | 75     | 0.74    | 0.01`);
    expect(verdict).toMatchObject({
      state: 'no-difference',
      recommended: { strategy: 'serial', workers: 1 },
      cause: 'lock',
    });
    expect(verdict.sentence).toContain('recommended for being cheaper: at least 35.0 MB less memory');
  });

  it('two workers on a quota of one core: no difference, and serial is cheaper', () => {
    const limits = {
      usableCores: 1,
      physicalCores: 2,
      performanceCores: null,
      quotaCores: 1,
      memoryBytes: 8e9,
    };
    const throttled = { throttledMs: 960, cpuSeconds: 1, startupMs: 12, peakPssBytes: 55e6 };
    const { verdict } = analyzeMatrix({
      cells: [
        cell('serial', 1, runsOf([1000, 1010, 990, 1020, 1000], { cpuSeconds: 1, peakPssBytes: 40e6 })),
        cell('threads', 2, runsOf([1004, 1012, 992, 1009, 1003], throttled)),
      ],
      controlPair: null,
      limits,
      interpreter: null,
      tasks: 2,
      objective: 'balanced',
      stopping: 'fixed',
      resamples: 1000,
      seed: 1,
    });
    expect(verdict).toMatchObject({
      state: 'no-difference',
      recommended: { strategy: 'serial', workers: 1 },
      cause: 'throttled',
      wouldChange: 'A larger CPU quota would let more workers run at once.',
    });
  });
});

describe('what it costs', () => {
  const sleeping = (startupMs: number): string => `
    cell    | walls by block           | cores | start-up ms   | PSS MB | blocked | messages
    serial  | 1600 1601 1600 1602 1600 | 0.01  | 0.2           | 40     | 0.99    | 0
    async×2 | 801  802  801  803  802  | 0.03  | ${startupMs} | 40.1   | 0.99    | 0`;

  it('is told as people would where it cannot be told from nothing, or nobody would notice', () => {
    const { sentence } = analyzeDrawing(sleeping(0.13)).verdict;
    expect(sentence).toMatch(/; there is no detectable difference in start-up and memory to serial\.$/);
  });

  it('is told by how much where it can be', () => {
    const { sentence } = analyzeDrawing(sleeping(5.2)).verdict;
    expect(sentence).toMatch(
      /; it costs 5\.00 ms more start-up than serial; there is no detectable difference in memory\.$/,
    );
  });

  it('is not known of memory that could not be read of one of the two', () => {
    const { sentence } = analyzeDrawing(sleeping(5.2).replace('| 40.1 ', '| - ')).verdict;
    expect(sentence).toMatch(
      /; it costs 5\.00 ms more start-up than serial; what it costs in memory is not known\.$/,
    );
  });
});

describe('the objective', () => {
  it.each([
    ['balanced', 'threads × 4'],
    ['fastest', 'threads × 4'],
    ['leanest', 'threads × 4'],
    ['safest', 'processes × 4'],
  ] as const)('%s recommends %s for Node that computes', (objective, name) => {
    const { recommended } = analyzeDrawing(nodeComputing, { objective }).verdict;
    expect(`${recommended?.strategy ?? ''} × ${recommended?.workers ?? 0}`).toBe(name);
  });

  const dear = `
    cell        | walls by block           | cores | start-up ms | PSS MB | blocked | messages
    serial      | 1000 1010 990  1020 1000 | 1.00  | 0           | 40     | 0       | 0
    threads×4   | 953  955  951  954  952  | 3.80  | 20          | 900    | 0.01    | 0.01
    processes×4 | 1305 1310 1301 1299 1304 | 3.82  | 60          | 990    | 0.01    | 0.01`;

  it('balanced does not buy five per cent of time with twenty times the memory, fastest does', () => {
    expect(analyzeDrawing(dear).verdict.recommended?.strategy).toBe('serial');
    expect(analyzeDrawing(dear, { objective: 'leanest' }).verdict.recommended?.strategy).toBe('serial');
    expect(analyzeDrawing(dear, { objective: 'fastest' }).verdict.recommended?.strategy).toBe('threads');
  });

  it('says where nothing meets it, and names the nearest with its price', () => {
    const { verdict } = analyzeDrawing(dear, { objective: 'safest' });
    expect(verdict.recommended?.strategy).toBe('processes');
    expect(verdict.sentence).toContain(
      'Nothing that was measured is known to meet the aim for surviving a crash within 20 % of the fastest; the ' +
        'nearest is processes × 4; it takes 1.37 times as long as threads × 4, the fastest',
    );
  });

  it('weighs nothing that is not known of all', () => {
    const { verdict } = analyzeDrawing(nodeComputing.replace('| 170 ', '| - '), { objective: 'leanest' });
    expect(verdict.sentence).toMatch(
      /^Nothing that was measured is known to meet the aim for the least memory/,
    );
  });
});

describe('strategies that are all the same', () => {
  it('are given a winner in at most 5 of 100 experiments, each of six strategies, whatever the objective', () => {
    const random = seededRandom(6);
    const names = ['serial', 'async', 'threads', 'processes', 'thread-pool', 'process-pool'];
    let winners = 0;
    for (let experiment = 0; experiment < 100; experiment += 1) {
      const effects = drawBlockEffects(5, 0.2, random);
      const { verdict } = analyzeMatrix({
        cells: names.map((name) =>
          cell(name, name === 'serial' ? 1 : 2, drawRuns(100, 0.05, effects, random)),
        ),
        controlPair: null,
        limits: {
          usableCores: 2,
          physicalCores: 2,
          performanceCores: null,
          quotaCores: null,
          memoryBytes: null,
        },
        interpreter: null,
        tasks: 2,
        objective: objectives[experiment % objectives.length] ?? 'balanced',
        stopping: 'fixed',
        resamples: 500,
        seed: 1,
      });
      if (verdict.state === 'winner') winners += 1;
    }
    expect(winners).toBeLessThanOrEqual(5);
  });

  it('are not told apart within what the A/A pair differs by', () => {
    const drawing = `
      cell      | walls by block           | cores | start-up ms | PSS MB | blocked | messages
      serial    | 1000 1001 999  1002 1000 | 1.00  | 0           | 40     | 0       | 0
      threads×2 | 990  991  989  992  990  | 1.00  | 12          | 55     | 0.01    | 0.01`;
    expect(analyzeDrawing(drawing).verdict.tied).toEqual(['threads × 2']);
    const controlPair = [
      runsOf([1000, 1030, 1000, 990, 1005]),
      runsOf([1010, 1000, 985, 1010, 1000]),
    ] as const;
    const { verdict, noise } = analyzeDrawing(drawing, { controlPair });
    expect(noise?.noiseRatio).toBeGreaterThan(1.0101);
    expect(verdict.tied).toEqual(['threads × 2', 'serial']);
    expect(verdict.recommended?.strategy).toBe('serial');
    expect(verdict.evidence.at(-1)).toMatch(/^The same strategy measured twice differed by/);
  });
});

describe('too little to say anything', () => {
  it('fails where no cell has two runs', () => {
    const { verdict } = analyzeDrawing(`
      cell      | walls by block | cores | start-up ms | PSS MB | blocked | messages
      serial    | 1000           | 1.00  | 0           | 40     | 0       | 0`);
    expect(verdict).toMatchObject({ state: 'failed', recommended: null });
  });

  it('leaves out a cell that cannot be paired, and says so', () => {
    const { verdict } = analyzeDrawing(`
      cell      | walls by block | cores | start-up ms | PSS MB | blocked | messages
      serial    | 1000 1010 990  | 1.00  | 0           | 40     | 0       | 0
      threads×2 | 500            | 1.90  | 0           | 40     | 0       | 0`);
    expect(verdict.tied).toEqual(['serial']);
    expect(verdict.evidence).toContain(
      'Threads × 2 shares fewer than two blocks with the fastest and is not compared.',
    );
  });
});
