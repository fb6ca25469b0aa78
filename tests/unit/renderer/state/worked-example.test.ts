import { describe, expect, it } from 'vitest';
import { explainOutcome } from '../../../../src/renderer/state/worked-example.ts';
import type { StrategyResult } from '../../../../src/shared/experiment.ts';
import type { StrategyId } from '../../../../src/shared/workload.ts';

type Interval = readonly [low: number, median: number, high: number];

function result(strategy: StrategyId, speedup: Interval | null): StrategyResult {
  return {
    strategy,
    workers: 2,
    wallMs: null,
    speedup: speedup === null ? null : { median: speedup[1], ci95: [speedup[0], speedup[2]] },
    effectiveCores: null,
    startupMs: null,
    peakRssBytes: null,
    peakPssBytes: null,
    cpuSeconds: null,
    checksum: null,
    analysis: null,
    runs: [],
  };
}

function explain(threads: Interval | null, processes: Interval | null): string {
  return explainOutcome({ strategies: [result('threads', threads), result('processes', processes)] });
}

describe('what the worked example says at its end', () => {
  it('names the GIL where threads took turns and processes did not', () => {
    expect(explain([0.97, 0.99, 1.01], [1.8, 1.9, 1.97])).toBe(
      'Two threads were 0.99 times as fast as one worker, two processes 1.90 times. So this Python’s threads took turns: the GIL binds this work, and processes are the way out.',
    );
  });

  it('says that a Python without the lock has none', () => {
    expect(explain([1.7, 1.85, 1.9], [1.6, 1.8, 1.9])).toContain('this Python runs without the GIL');
  });

  it('blames no lock where processes gained nothing either', () => {
    expect(explain([0.9, 0.98, 1.1], [0.8, 0.96, 1.2])).toContain('only about one core was free');
  });

  it('claims nothing where the interval leaves it open, whatever its middle is', () => {
    expect(explain([0.95, 1, 1.05], [0.9, 1.9, 2.1])).toContain('differ too much among themselves');
    expect(explain([0.6, 1, 1.9], [1.5, 1.9, 2.1])).toContain('differ too much among themselves');
  });

  it('says that it knows nothing where too few runs finished', () => {
    expect(explain(null, [1.8, 1.9, 2])).toContain('Not enough runs finished');
  });
});
