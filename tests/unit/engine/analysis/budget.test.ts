import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  budgetMetrics,
  budgetOperators,
  formatBudget,
  judgeBudget,
  missingStrategy,
  parseBudget,
  type Budget,
  type BudgetFinding,
} from '../../../../src/engine/analysis/budget.ts';
import { strategyIds } from '../../../../src/shared/workload.ts';
import { experimentFrom } from '../export/sample-experiment.ts';

function budget(text: string): Budget {
  const parsed = parseBudget(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

function problemOf(text: string): string {
  const parsed = parseBudget(text);
  return parsed.ok ? 'none' : `${parsed.problem.message} / ${parsed.problem.advice}`;
}

const anyBudget: fc.Arbitrary<Budget> = fc.record({
  metric: fc.constantFrom(...budgetMetrics),
  of: fc.oneof(
    fc.constant(null),
    fc.constant({ strategy: 'recommended' as const }),
    fc.record({
      strategy: fc.constantFrom(...strategyIds),
      workers: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 999_999 })),
    }),
  ),
  operator: fc.constantFrom(...budgetOperators),
  limit: fc.oneof(
    fc.integer({ min: 0, max: 1e15 }),
    fc.integer({ min: 0, max: 1e9 }).map((thousandths) => thousandths / 1000),
  ),
});

describe('a budget on the command line', () => {
  it.each([
    [
      'speedup(processes)>1.5',
      { metric: 'speedup', of: { strategy: 'processes', workers: null }, operator: '>', limit: 1.5 },
    ],
    ['peakPss<500MB', { metric: 'peakPss', of: null, operator: '<', limit: 5e8 }],
    [
      'wall(threads*4) <= 2s',
      { metric: 'wall', of: { strategy: 'threads', workers: 4 }, operator: '<=', limit: 2000 },
    ],
    [
      'WALL( threads × 4 )<=2000 ms',
      { metric: 'wall', of: { strategy: 'threads', workers: 4 }, operator: '<=', limit: 2000 },
    ],
    [
      'cores(recommended)>=1.8',
      { metric: 'cores', of: { strategy: 'recommended' }, operator: '>=', limit: 1.8 },
    ],
    [
      'peakRss(serial)<1.5gib',
      { metric: 'peakRss', of: { strategy: 'serial', workers: null }, operator: '<', limit: 1.5 * 2 ** 30 },
    ],
    ['speedup>.9x', { metric: 'speedup', of: null, operator: '>', limit: 0.9 }],
  ])('%s is read', (text, expected) => {
    expect(parseBudget(text)).toEqual({ ok: true, value: expected });
  });

  it.each([
    [
      'fast please',
      `--budget "fast please" is not a metric, a comparison and a number. / Write it like 'speedup(processes)>1.5' or 'peakPss<500MB', in quotes; metrics: speedup, wall, startup, cpu, cores, peakPss, peakRss.`,
    ],
    [
      'sped>2',
      '--budget "sped>2": there is no metric "sped". / Known: speedup, wall, startup, cpu, cores, peakPss, peakRss.',
    ],
    ['wall<2', '--budget "wall<2" has no unit. / Give one of us, µs, ms, s, min.'],
    ['wall<2MB', '--budget "wall<2MB": "MB" is not a unit of wall. / Give one of us, µs, ms, s, min.'],
    ['cores>2s', '--budget "cores>2s": "s" is not a unit of cores. / Give a plain number, like cores>1.5.'],
  ])('%s is refused, with the part that is wrong', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each(['speedup(process)>1', 'speedup(threads*0)>1', 'speedup()>1', 'speedup(recommended*2)>1'])(
    '%s names no strategy',
    (text) => expect(problemOf(text)).toContain('is not a strategy. / Known: serial,'),
  );

  it('says the same when it is written out and read again', () => {
    fc.assert(
      fc.property(anyBudget, (any) => {
        expect(budget(formatBudget(any))).toEqual(any);
      }),
    );
    expect(formatBudget(budget('peakPss(threads × 2) < 30000000 B'))).toBe('peakPss(threads*2)<30MB');
  });

  it('is read or refused, whatever is typed, and never anything else', () => {
    const pieces = fc.constantFrom(
      'wall',
      'speedup',
      '(',
      ')',
      'threads',
      '*',
      '4',
      '<',
      '>=',
      '1.5',
      'MB',
      's',
      ' ',
      '-',
    );
    const typed = fc.oneof(
      fc.string(),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = parseBudget(text);
        if (parsed.ok) expect(budget(formatBudget(parsed.value))).toEqual(parsed.value);
        else expect(parsed.problem.message).toContain(text);
      }),
    );
  });
});

describe('an experiment under a budget', () => {
  const experiment = experimentFrom(`
    strategy    | walls by block           | cores | start-up ms | PSS MB
    serial      | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 12
    threads×2   | 1015 1012 1000 1031 x    | 1.01  | 0.6         | -
    processes×2 | 538  541  533  551  536  | 1.93  | 31          | 36
    processes×4 | 530  700  400  551  536  | 1.93  | 62          | 60`);

  function draw(text: string): string[] {
    return judgeBudget(budget(text), experiment).map(
      ({ subject, state }: BudgetFinding) => `${subject}: ${state}`,
    );
  }

  it('is judged by the median of every strategy, serial left out of speed-ups', () => {
    expect(draw('speedup>1.5')).toEqual([
      'threads × 2: broken',
      'processes × 2: kept',
      'processes × 4: kept',
    ]);
    expect(draw('cores>=1')).toEqual([
      'serial: kept',
      'threads × 2: kept',
      'processes × 2: kept',
      'processes × 4: kept',
    ]);
  });

  it('is judged for the strategy that is named, with all numbers of workers or one', () => {
    expect(draw('startup(processes)<40ms')).toEqual(['processes × 2: kept', 'processes × 4: broken']);
    expect(draw('startup(processes*2)<40ms')).toEqual(['processes × 2: kept']);
  });

  it('is judged at the limit itself as the operator says', () => {
    expect(draw('startup(processes*2)<31ms')).toEqual(['processes × 2: broken']);
    expect(draw('startup(processes*2)<=31ms')).toEqual(['processes × 2: kept']);
    expect(draw('startup(processes*2)>31ms')).toEqual(['processes × 2: broken']);
    expect(draw('startup(processes*2)>=31ms')).toEqual(['processes × 2: kept']);
  });

  it('is not kept by what was not measured', () => {
    expect(draw('peakPss<1GB')).toEqual([
      'serial: kept',
      'threads × 2: unknown',
      'processes × 2: kept',
      'processes × 4: kept',
    ]);
    expect(judgeBudget(budget('wall(processes*8)<1s'), experiment)).toEqual([
      {
        budget: budget('wall(processes*8)<1s'),
        subject: 'processes × 8',
        state: 'unknown',
        value: null,
        sentence: 'Wall time of processes × 8 was not measured; the limit is below 1.00 s.',
      },
    ]);
  });

  it('is told in a sentence, with the interval where that reaches beyond the limit', () => {
    const sentences = (text: string): string[] =>
      judgeBudget(budget(text), experiment).map(({ sentence }) => sentence);
    expect(sentences('peakPss(processes*2)<30MB')).toEqual([
      'Peak memory (PSS) of processes × 2 is 36.0 MB; the limit is below 30.0 MB.',
    ]);
    const [sentence] = sentences('wall(processes*4)<500ms');
    expect(sentence).toMatch(
      /^Wall time of processes × 4 is 536 ms; the limit is below 500 ms, but its 95 % interval, \d+ ms to \d+ ms, reaches to the other side: more blocks would tell\.$/,
    );
  });

  it('can be for the recommended strategy, whichever that is', () => {
    const two = experimentFrom();
    const found = judgeBudget(budget('speedup(recommended)>1.5'), two);
    expect(found.map(({ subject, state }) => [subject, state])).toEqual([['processes × 2', 'kept']]);
    const tie = { ...two, verdict: { ...two.verdict, strategy: null, workers: null, recommended: null } };
    expect(judgeBudget(budget('speedup(recommended)>1.5'), tie).map(({ state }) => state)).toEqual([
      'unknown',
    ]);
  });

  it('names a strategy that will not be measured before anything is run', () => {
    expect(missingStrategy(budget('wall(threads)<1s'), ['serial', 'processes'])).toBe('threads');
    expect(missingStrategy(budget('wall(threads)<1s'), ['serial', 'threads'])).toBeNull();
    expect(missingStrategy(budget('wall<1s'), ['serial'])).toBeNull();
  });
});
