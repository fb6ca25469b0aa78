import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';
import type { ExperimentPlan, InterpreterInfo } from '../../shared/experiment.ts';
import type { PlannedRun } from '../../shared/experiment-event.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { strategyIds } from '../../shared/workload.ts';
import { interpreterShape, runRecordShape } from '../export/experiment-schema.ts';
import { parsePlan } from './plan.ts';
import type { EndedRun } from './remaining-time.ts';

/**
 * What is on disk while an experiment runs, so that a crash loses one run and not all: a line of JSON with the plan,
 * then one for every run that ended. Runs come in the order of the plan, which its seed repeats.
 */
const journalId = 'corescope.journal/1';

export interface JournalStart {
  readonly plan: ExperimentPlan;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

export interface JournalEntry extends EndedRun {
  /** As the run told it; null where it did not get so far. */
  readonly interpreter: InterpreterInfo | null;
}

export interface Journal {
  append(entry: JournalEntry): void;
  close(): void;
}

/** What a journal holds; `path` so that it can be continued. */
export interface ReadJournal extends JournalStart {
  readonly path: string;
  readonly entries: readonly JournalEntry[];
}

/** Begins a new journal, or continues one that was read. Every line is written at once. Throws what the system says. */
export function openJournal(path: string, start: JournalStart | null): Journal {
  const file = openSync(path, start === null ? 'a' : 'wx');
  const write = (line: unknown): void => void writeSync(file, `${JSON.stringify(line)}\n`);
  if (start !== null) write({ journal: journalId, ...start });
  // What a crash cut off stays a line of its own.
  else writeSync(file, '\n');
  return {
    append: ({ run, record, durationMs, interpreter }) => write({ run, record, durationMs, interpreter }),
    close: () => closeSync(file),
  };
}

const startShape = z.object({ journal: z.string(), plan: z.unknown(), startedAt: z.iso.datetime() });

const entryShape = z.object({
  run: z.object({
    order: z.int().positive(),
    block: z.int().nonnegative(),
    warmUp: z.boolean(),
    strategy: z.enum(strategyIds),
    workers: z.int().positive(),
    control: z.literal(true).exactOptional(),
  }),
  record: runRecordShape,
  durationMs: z.number().nonnegative(),
  interpreter: interpreterShape,
});

/** Reads what is whole: a last line that a crash cut off is left out, and its run is done again. */
export function readJournal(path: string): Result<ReadJournal> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail('journal-unreadable', `The journal ${path} cannot be read: ${reason}.`, 'Check the path.');
  }
  const [first, ...rest] = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseLine);
  const start = startShape.safeParse(first);
  if (!start.success || start.data.journal !== journalId) {
    return fail(
      'not-a-journal',
      `${path} is not a journal of this version of Corescope.`,
      'Give the file that "corescope compare" named when it was interrupted.',
    );
  }
  const plan = parsePlan(start.data.plan);
  if (!plan.ok) return plan;
  const entries: JournalEntry[] = [];
  for (const line of rest) {
    const entry = entryShape.safeParse(line);
    if (entry.success) entries.push(entry.data);
  }
  return succeed({ path, plan: plan.value, startedAt: start.data.startedAt, entries });
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/**
 * The runs of a journal that stand at the beginning of the planned ones, up to the first that does not: the rest is
 * done again. A run that was cancelled did not end.
 */
export function finishedPrefix(
  planned: readonly PlannedRun[],
  entries: readonly JournalEntry[],
): readonly JournalEntry[] {
  const length = planned.findIndex((run, index) => {
    const entry = entries[index];
    return entry === undefined || entry.record.state === 'cancelled' || !isSameRun(run, entry.run);
  });
  return entries.slice(0, length < 0 ? planned.length : length);
}

function isSameRun(left: PlannedRun, right: PlannedRun): boolean {
  return (
    left.order === right.order &&
    left.block === right.block &&
    left.strategy === right.strategy &&
    left.workers === right.workers &&
    left.control === right.control
  );
}
