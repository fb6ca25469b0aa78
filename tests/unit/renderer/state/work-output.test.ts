import { describe, expect, it } from 'vitest';
import {
  droppedBytes,
  outputText,
  passagesOf,
  runTitle,
  WorkOutput,
} from '../../../../src/renderer/state/work-output.svelte.ts';
import type { ExperimentPlan } from '../../../../src/shared/experiment.ts';
import type { ExperimentEvent, PlannedRun } from '../../../../src/shared/experiment-event.ts';

const plan: ExperimentPlan = {
  workload: { id: 'count-loop', runtime: 'node', target: null, params: {}, tasks: 2 },
  strategies: ['serial', 'threads'],
  workerCounts: [2],
  blocks: 1,
  warmUpBlocks: 0,
  timeoutMs: 1000,
  seed: 1,
  pythonPath: null,
  startMethod: null,
};

function planned(): ExperimentEvent {
  return { type: 'planned', plan, runs: [], atMs: 0 };
}

function run(order: number, changes: Partial<PlannedRun> = {}): PlannedRun {
  return { order, block: 1, warmUp: false, strategy: 'threads', workers: 2, ...changes };
}

function started(order: number): ExperimentEvent {
  return { type: 'run-started', run: run(order), hostPid: 100, atMs: 0 };
}

function wrote(
  order: number,
  text: string,
  stream: 'stdout' | 'stderr' = 'stdout',
  skippedBytes = 0,
): ExperimentEvent {
  return { type: 'output', order, stream, text, skippedBytes, atMs: 0 };
}

function after(...events: ExperimentEvent[]): WorkOutput {
  const output = new WorkOutput();
  for (const event of events) output.receive(event);
  return output;
}

function textsOf({ runs }: WorkOutput): string[] {
  return runs.map((output) => `${output.run.order}: ${outputText(output)}`);
}

describe('the output of the work', () => {
  it('is kept by run, and runs that wrote nothing are not among them', () => {
    const output = after(planned(), started(1), wrote(1, 'a'), wrote(1, 'b'), started(2), started(3));
    output.receive(wrote(3, 'c'));
    expect(textsOf(output)).toEqual(['1: ab', '3: c']);
  });

  it('shows the newest run until another one is picked', () => {
    const output = after(planned(), started(1), wrote(1, 'a'), started(2), wrote(2, 'b'));
    expect(output.shown?.run.order).toBe(2);
    output.chosenOrder = 1;
    expect(output.shown?.run.order).toBe(1);
    output.receive(planned());
    expect(output.shown).toBeNull();
    expect(output.chosenOrder).toBeNull();
  });

  it('takes nothing that belongs to no run under way', () => {
    expect(textsOf(after(planned(), wrote(1, 'early'), started(2), wrote(1, 'late')))).toEqual([]);
  });

  it('is told apart by stream, in the order in which it came', () => {
    const output = after(
      ...[planned(), started(1), wrote(1, 'a'), wrote(1, 'b'), wrote(1, 'c', 'stderr'), wrote(1, 'd')],
    );
    const passages = passagesOf(output.shown?.pieces ?? []);
    expect(
      passages.map(({ id, stream, pieces }) => `${id} ${stream} ${pieces.map(({ text }) => text).join('')}`),
    ).toEqual(['0 stdout ab', '2 stderr c', '3 stdout d']);
  });

  it('forgets the oldest of a run that writes without end, and counts what is gone', () => {
    const kilobytes = (letter: string, count: number): string => letter.repeat(count * 1024);
    const output = after(planned(), started(1), wrote(1, kilobytes('a', 100), 'stdout', 7));
    output.receive(wrote(1, kilobytes('b', 100)));
    output.receive(wrote(1, kilobytes('c', 60), 'stderr', 5));
    expect(output.shown).toMatchObject({ keptBytes: 160 * 1024, forgottenBytes: 100 * 1024 + 7 });
    expect(output.shown === null ? null : droppedBytes(output.shown)).toBe(100 * 1024 + 12);
    expect(output.shown === null ? '' : outputText(output.shown)).toBe(
      `\n[${100 * 1024 + 7} bytes dropped]\n${kilobytes('b', 100)}\n[5 bytes dropped]\n${kilobytes('c', 60)}`,
    );
  });

  it('keeps a single piece whole, however large, and counts letters of several bytes', () => {
    const output = after(planned(), started(1), wrote(1, 'é'.repeat(300_000)));
    expect(output.shown).toMatchObject({ keptBytes: 600_000, forgottenBytes: 0 });
  });

  it('keeps no more than two thousand pieces of a run', () => {
    const output = after(planned(), started(1));
    for (let index = 0; index < 2_005; index += 1) output.receive(wrote(1, 'x'));
    expect(output.shown?.pieces).toHaveLength(2_000);
    expect(output.shown?.pieces[0]?.id).toBe(5);
  });

  it('forgets whole runs where all of them together are too much', () => {
    const output = after(planned());
    for (let order = 1; order <= 20; order += 1) {
      output.receive(started(order));
      output.receive(wrote(order, 'x'.repeat(250 * 1024)));
    }
    expect(output.runs.map((each) => each.run.order)).toEqual([
      5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    ]);
  });

  it('names a run by its place and its strategy', () => {
    expect(runTitle(run(3))).toBe('3: threads × 2, block 1');
    expect(runTitle(run(1, { strategy: 'serial', workers: 1, warmUp: true }))).toBe('1: serial, warm-up');
    expect(runTitle(run(4, { control: true }))).toBe('4: threads × 2, block 1, control');
  });
});
