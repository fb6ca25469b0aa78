import { describe, expect, it } from 'vitest';
import { experimentToText } from '../../../../src/engine/export/text.ts';
import type { Verdict } from '../../../../src/shared/experiment-analysis.ts';
import { experimentFrom } from './sample-experiment.ts';

describe('the result in a terminal', () => {
  it('fits 80 columns, without escape codes in a pipe', () => {
    const text = experimentToText(experimentFrom(), { columns: 80, colour: false });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toBe(
      `
Run it as processes × 2 for the best balance of time, memory and CPU time.
  It is 1.86 times as fast as serial (95 % interval 1.85 to 1.87).
  The cause: it keeps 1.93 cores busy where serial keeps 1.00.
  Threads × 2 gains nothing, for CPython's global interpreter lock lets one
  thread run at a time.
  It costs 30.9 ms more start-up and 24.0 MB more memory than serial.

                   wall  speed-up   95 % interval  cores  start-up   memory
serial           1.00 s     1.00×   by definition   1.00    100 µs  12.0 MB
threads × 2      1.01 s     0.99×  0.98× to 1.00×   1.01    600 µs  12.5 MB
processes × 2 *  538 ms     1.86×  1.85× to 1.87×   1.93   31.0 ms  36.0 MB

* recommended for the best balance of time, memory and CPU time. A build without
the interpreter’s lock would let threads run at once. This holds for this
machine, this input and this build.

Evidence
  - Cores kept busy on average: serial 1.00, threads × 2 1.01, processes × 2
    1.93.
  - CPython said that its global interpreter lock was on while the work ran.
  - Threads × 2 kept 1.01 cores busy; the same work as processes × 2 kept 1.93
    busy and was 1.87 times as fast (95 % interval 1.86 to 1.89).
  - Processes × 2 kept 1.93 cores busy and was 1.86 times as fast as serial.
  - 1 of 5 runs of threads × 2 did not finish: The run host ended with exit code
    137. Give it more memory.

2 tasks of count-loop, n = 10000000; CPython 3.11.7; 5 blocks in shuffled order,
seed 7; Example CPU, 2 logical cores, Debian GNU/Linux 12.
`.trimStart(),
    );
  });

  it('shows the interval of the wall time and the CPU time where there is room', () => {
    const text = experimentToText(experimentFrom(), { columns: 124, colour: false });
    expect(text.split('\n').filter((line) => /^( +wall|serial )/.test(line))).toEqual([
      '                   wall     95 % interval  speed-up   95 % interval  efficiency  cores  start-up   memory     CPU',
      'serial           1.00 s  985 ms to 1.02 s     1.00×   by definition         n/a   1.00    100 µs  12.0 MB  1.00 s',
    ]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(124);
  });

  it('leaves out the costs where it would be wider than the terminal', () => {
    const text = experimentToText(experimentFrom(), { columns: 54, colour: false });
    expect(text.split('\n').filter((line) => /^( +wall|processes )/.test(line))).toEqual([
      '                   wall  speed-up   95 % interval',
      'processes × 2 *  538 ms     1.86×  1.85× to 1.87×',
    ]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(54);
  });

  it('has no table where no run finished: all of it would be n/a', () => {
    const experiment = experimentFrom();
    const strategies = experiment.strategies.map((result) => ({ ...result, runs: [] }));
    expect(experimentToText({ ...experiment, strategies }, { columns: 80, colour: false })).not.toContain(
      'speed-up',
    );
  });

  it('colours the winner where colour is wanted, and says the same', () => {
    const plain = experimentToText(experimentFrom(), { columns: 80, colour: false });
    const coloured = experimentToText(experimentFrom(), { columns: 80, colour: true });
    expect(coloured).toContain('\u001B[32m');
    expect(coloured.replace(/\u001B\[\d+m/g, '')).toBe(plain);
  });

  it('shows what is unknown as n/a, and RSS as such where there is no PSS', () => {
    const experiment = experimentFrom();
    const [serial, threads] = experiment.strategies;
    if (serial === undefined || threads === undefined) throw new Error('drawn with three strategies');
    const text = experimentToText(
      {
        ...experiment,
        strategies: [
          { ...serial, peakPssBytes: null, peakRssBytes: 14e6 },
          {
            ...threads,
            wallMs: null,
            speedup: null,
            effectiveCores: null,
            startupMs: null,
            peakRssBytes: null,
            peakPssBytes: null,
          },
        ],
      },
      { columns: 80, colour: false },
    );
    const rows = text.split('\n').filter((line) => /^(serial|threads × 2) {2}/.test(line));
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      ['serial', '1.00 s', '1.00×', 'by definition', '1.00', '100 µs', '14.0 MB RSS'],
      ['threads × 2', 'n/a', 'n/a', 'n/a', 'n/a', 'n/a', 'n/a'],
    ]);
  });

  it('does not let a message from outside drive the terminal', () => {
    const experiment = experimentFrom();
    const hostile = 'red \u001B[31m and \u0007 bell';
    const firstLines = (verdict: Partial<Verdict>): string[] =>
      experimentToText(
        { ...experiment, verdict: { ...experiment.verdict, ...verdict } },
        { columns: 80, colour: false },
      )
        .split('\n')
        .slice(0, 2);
    expect(firstLines({ answer: null, sentence: hostile })[0]).toBe('red ?[31m and ? bell');
    const reasons = [{ about: 'cause', clause: hostile }] as const;
    expect(firstLines({ answer: { aim: 'for the least time', isAimMet: true, reasons } })).toEqual([
      'Run it as processes × 2 for the least time.',
      '  Red ?[31m and ? bell.',
    ]);
  });

  it('tells the answer of an earlier version as the sentence that it is', () => {
    const { verdict, ...rest } = experimentFrom();
    const sentence = 'Run it as processes × 2 for the least time; the cause: cores.';
    const text = experimentToText(
      { ...rest, verdict: { ...verdict, answer: null, sentence } },
      { columns: 80, colour: false },
    );
    expect(text.split('\n')[0]).toBe(sentence);
  });
});
