import { describe, expect, it } from 'vitest';
import type { ExperimentPlan, RunRecord } from '../../../src/shared/experiment.ts';
import {
  describeEndedRun,
  describeMemory,
  describePlan,
  describeRunUnderWay,
  drawCores,
  formatClock,
} from '../../../src/cli/progress-text.ts';

const run = { order: 7, block: 2, warmUp: false, strategy: 'threads', workers: 2 } as const;
const identity = { order: 7, block: 2, warmUp: false };

describe('the line of a run under way', () => {
  it('says which run it is, how long it has taken and how long is left', () => {
    expect(describeRunUnderWay(run, 24, 12_400, 19_600)).toBe(
      'run 7/24 · block 2 · threads × 2 · 0:12, about 0:20 left',
    );
  });

  it('leaves out what is left before there is anything to go by', () => {
    const first = { order: 1, block: 0, warmUp: true, strategy: 'serial', workers: 1 } as const;
    expect(describeRunUnderWay(first, 24, 0, null)).toBe('run 1/24 · warm-up · serial × 1 · 0:00');
  });

  it('does not count below zero when a run takes longer than expected', () => {
    expect(describeRunUnderWay(run, 24, 60_000, -3_000)).toContain('about 0:00 left');
  });
});

describe('the line of a run that has ended', () => {
  const finished: RunRecord = {
    ...identity,
    state: 'finished',
    wallMs: 412.3,
    startupMs: 20,
    cpuSeconds: 0.8,
    effectiveCores: 1.9,
    peakRssBytes: null,
    peakPssBytes: null,
    checksum: 'abc',
    workMs: null,
    tearDownMs: null,
    lostTasks: 0,
    metrics: [],
    notes: [],
    usage: null,
    disturbances: [],
  };
  const problem = { kind: 'crash', message: 'The host ended by SIGSEGV.', advice: 'Look at its output.' };

  it.each<{ record: RunRecord; line: string }>([
    { record: finished, line: 'run 7/24 · block 2 · threads × 2 · 412 ms' },
    {
      record: { ...identity, state: 'failed', problem },
      line: 'run 7/24 · block 2 · threads × 2 · failed: The host ended by SIGSEGV.',
    },
    {
      record: { ...identity, state: 'timed-out', afterMs: 60_000 },
      line: 'run 7/24 · block 2 · threads × 2 · timed out after 60.0 s',
    },
    { record: { ...identity, state: 'cancelled' }, line: 'run 7/24 · block 2 · threads × 2 · cancelled' },
  ])('reads "$line"', ({ record, line }) => {
    expect(describeEndedRun(run, record, 24)).toBe(line);
  });

  it('tells a reason that strategies share once, and then by its first run', () => {
    const told = new Map<string, number>();
    const failedAs = (order: number, words: string): string => {
      const problem = { kind: 'failed', message: words, advice: '' };
      const record = { order, block: 1, warmUp: false, state: 'failed', problem } as const;
      return describeEndedRun({ ...run, order }, record, 9, told);
    };
    expect(failedAs(1, 'Workload "module" failed as serial in node: no default export.')).toBe(
      'run 1/9 · block 2 · threads × 2 · failed: Workload "module" failed as serial in node: no default export.',
    );
    expect(
      failedAs(2, 'Workload "module" failed as threads in node: worker 2 failed: no default export.'),
    ).toBe('run 2/9 · block 2 · threads × 2 · failed as run 1 did');
    expect(failedAs(3, 'Something else.')).toBe('run 3/9 · block 2 · threads × 2 · failed: Something else.');
  });
});

describe('the first line', () => {
  it('says what will be run', () => {
    const plan: ExperimentPlan = {
      workload: { id: 'sleep', runtime: 'python', target: null, params: { seconds: 0.5 }, tasks: 1 },
      strategies: ['serial', 'processes'],
      workerCounts: [1],
      blocks: 3,
      warmUpBlocks: 1,
      timeoutMs: 60_000,
      seed: 1,
      pythonPath: null,
      startMethod: null,
    };
    expect(describePlan(plan, '3.11.2', 8)).toBe(
      'sleep in Python 3.11.2 · 1 task · serial, processes · 3 blocks + 1 warm-up · 8 runs',
    );
    const target = { kind: 'function', path: '/home/anna/work.py', functionName: 'train', args: [] } as const;
    expect(describePlan({ ...plan, workload: { ...plan.workload, target } }, '3.11.2', 8)).toMatch(
      /^work\.py:train in Python 3\.11\.2 · /,
    );
  });
});

describe('drawCores', () => {
  it.each([
    { busy: [0, 1], width: 40, drawing: 'cores ▁█' },
    { busy: [0, 0.13, 0.3, 0.49, 0.5, 0.65, 0.8, 0.99], width: 40, drawing: 'cores ▁▂▃▄▅▆▇█' },
    // Unknown is a dot and never the lowest bar.
    { busy: [Number.NaN, 0], width: 40, drawing: 'cores ·▁' },
    // Neighbours share a glyph, and one unknown core makes their mean unknown.
    { busy: [1, 0, 0, 0, 1, 1, Number.NaN, 1], width: 4, drawing: 'cores ▅▁█· (2 each)' },
    { busy: [], width: 40, drawing: 'cores ' },
  ])('draws $busy as "$drawing"', ({ busy, width, drawing }) => {
    expect(drawCores(busy, width)).toBe(drawing);
  });
});

describe('describeMemory', () => {
  it('shows the proportional size', () => {
    expect(describeMemory({ pssBytes: 84_100_000, rssBytes: 120_000_000 })).toBe('memory 84.1 MB');
  });

  it('says so where only resident sizes can be read', () => {
    expect(describeMemory({ pssBytes: Number.NaN, rssBytes: 120_000_000 })).toBe(
      'memory 120 MB (resident sizes added up)',
    );
  });

  it('shows n/a where nothing is known', () => {
    expect(describeMemory({ pssBytes: Number.NaN, rssBytes: Number.NaN })).toBe('memory n/a');
  });
});

describe('formatClock', () => {
  it.each([
    [0, '0:00'],
    [7_499, '0:07'],
    [7_500, '0:08'],
    [59_999, '1:00'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
  ])('writes %i ms as %s', (milliseconds, text) => {
    expect(formatClock(milliseconds)).toBe(text);
  });
});
