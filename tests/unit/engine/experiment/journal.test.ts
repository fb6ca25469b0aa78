import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  finishedPrefix,
  openJournal,
  readJournal,
  type JournalEntry,
} from '../../../../src/engine/experiment/journal.ts';
import { planRuns } from '../../../../src/engine/experiment/run-order.ts';
import type { ExperimentPlan } from '../../../../src/shared/experiment.ts';
import type { PlannedRun } from '../../../../src/shared/experiment-event.ts';

const plan: ExperimentPlan = {
  workload: { id: 'count-loop', runtime: 'node', target: null, params: { n: 10, rounds: 1 }, tasks: 2 },
  strategies: ['serial', 'threads'],
  workerCounts: [1, 2],
  blocks: 2,
  warmUpBlocks: 0,
  timeoutMs: 1000,
  seed: 1,
  pythonPath: null,
  startMethod: null,
  controlPair: true,
};
const runs = planRuns(plan);
const startedAt = '2026-01-02T03:04:05.678Z';

function entryOf(run: PlannedRun, state: 'timed-out' | 'cancelled' = 'timed-out'): JournalEntry {
  const { order, block, warmUp } = run;
  const identity = { order, block, warmUp };
  return {
    run,
    record: state === 'cancelled' ? { ...identity, state } : { ...identity, state, afterMs: 5 },
    durationMs: 12.5,
    interpreter: null,
  };
}

function journalPath(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'corescope-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'runs.ndjson');
}

function read(file: string): readonly JournalEntry[] {
  const journal = readJournal(file);
  if (!journal.ok) throw new Error(journal.problem.message);
  expect(journal.value).toMatchObject({ plan, startedAt });
  return journal.value.entries;
}

describe('a journal', () => {
  it('comes back as it was written, and goes on behind it', () => {
    const file = journalPath();
    const entries = runs.slice(0, 3).map((run) => entryOf(run));
    const journal = openJournal(file, { plan, startedAt });
    for (const entry of entries.slice(0, 2)) journal.append(entry);
    journal.close();
    expect(read(file)).toEqual(entries.slice(0, 2));

    const continued = openJournal(file, null);
    for (const entry of entries.slice(2)) continued.append(entry);
    continued.close();
    expect(read(file)).toEqual(entries);
  });

  it('loses the line that a crash cut off, and no other, also when it is continued', () => {
    const file = journalPath();
    const journal = openJournal(file, { plan, startedAt });
    for (const run of runs.slice(0, 2)) journal.append(entryOf(run));
    journal.close();
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, -20));
    expect(read(file)).toHaveLength(1);
    const continued = openJournal(file, null);
    for (const run of runs.slice(1, 2)) continued.append(entryOf(run));
    continued.close();
    expect(read(file).map(({ run }) => run.order)).toEqual([1, 2]);
  });

  it('is never written over', () => {
    const file = journalPath();
    openJournal(file, { plan, startedAt }).close();
    expect(() => openJournal(file, { plan, startedAt })).toThrow('EEXIST');
  });

  it.each(['', 'not JSON', '{"schema":"corescope.experiment/1"}'])('is not just any file: %j', (text) => {
    const file = journalPath();
    appendFileSync(file, text);
    expect(readJournal(file)).toMatchObject({ problem: { kind: 'not-a-journal' } });
  });

  it('that is not there is a problem with its path', () => {
    expect(readJournal('/nowhere/runs.ndjson')).toMatchObject({ problem: { kind: 'journal-unreadable' } });
  });
});

describe('what need not be done again', () => {
  it('is what stands at the beginning of the plan, up to the first run that was cancelled or is another', () => {
    const entries = runs.map((run) => entryOf(run));
    expect(finishedPrefix(runs, entries)).toEqual(entries);
    expect(finishedPrefix(runs, entries.slice(0, 3))).toHaveLength(3);
    expect(finishedPrefix(runs, [])).toEqual([]);
    const cancelled = entries.map((entry, index) => (index === 2 ? entryOf(entry.run, 'cancelled') : entry));
    expect(finishedPrefix(runs, cancelled)).toHaveLength(2);
    const otherSeed = planRuns({ ...plan, seed: 3 });
    const same = runs.findIndex((run, index) => JSON.stringify(run) !== JSON.stringify(otherSeed[index]));
    expect(finishedPrefix(otherSeed, entries)).toHaveLength(same);
  });
});
