import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrokenOff } from '../../../src/cli/journal-file.ts';
import { openJournal } from '../../../src/engine/experiment/journal.ts';
import { parsePlan } from '../../../src/engine/experiment/plan.ts';
import type { ExperimentPlan } from '../../../src/shared/experiment.ts';
import { node } from '../engine/analysis/drawn-experiment.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'corescope-journals-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function makePlan(seed: number, tasks = 4): ExperimentPlan {
  const plan = parsePlan({
    workload: { id: 'count-loop', runtime: 'node', params: {}, tasks },
    strategies: ['serial', 'threads'],
    workerCounts: [2],
    blocks: 5,
    warmUpBlocks: 1,
    timeoutMs: 60_000,
    seed,
    pythonPath: null,
  });
  if (!plan.ok) throw new Error(plan.problem.message);
  return plan.value;
}

/** As a comparison leaves it that was killed after `runs` runs. */
function leaveJournal(name: string, plan: ExperimentPlan, runs: number): string {
  const file = path.join(folder, name);
  const journal = openJournal(file, { plan, startedAt: '2026-11-22T01:12:10.000Z' });
  for (let order = 1; order <= runs; order += 1) {
    const record = { order, block: 1, warmUp: false, state: 'timed-out', afterMs: 5 } as const;
    const run = { order, block: 1, warmUp: false, strategy: 'serial', workers: 1 } as const;
    journal.append({ run, record, durationMs: 5, interpreter: node });
  }
  journal.close();
  return file;
}

const nobodyRuns = (): boolean => false;

describe('a comparison that was broken off', () => {
  it('is found by its plan, whatever the seed, the newest of them', () => {
    leaveJournal('2026-11-22T01-12-10-197Z-7.ndjson', makePlan(1), 3);
    const newest = leaveJournal('2026-11-22T02-00-00-000Z-8.ndjson', makePlan(2), 2);
    leaveJournal('2026-11-22T03-00-00-000Z-9.ndjson', makePlan(3, 8), 2);
    const found = findBrokenOff(makePlan(99), folder, nobodyRuns);
    expect([found?.path, found?.entries.length, found?.plan.seed]).toEqual([newest, 2, 2]);
  });

  it('is not one that goes on, nor one that has measured nothing', () => {
    leaveJournal('2026-11-22T01-12-10-197Z-7.ndjson', makePlan(1), 3);
    leaveJournal('2026-11-22T02-00-00-000Z-8.ndjson', makePlan(1), 0);
    expect(findBrokenOff(makePlan(1), folder, (pid) => pid === 7)).toBeNull();
  });

  it('is nothing where there is no folder', () => {
    expect(findBrokenOff(makePlan(1), path.join(folder, 'missing'), nobodyRuns)).toBeNull();
  });
});
