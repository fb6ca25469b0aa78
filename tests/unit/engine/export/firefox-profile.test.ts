import { expect, it } from 'vitest';
import { z } from 'zod';
import { firefoxFormat } from '../../../../src/engine/export/firefox-profile.ts';
import { drawnSource, textOf } from './support/drawn-recording.ts';

const numbers = z.array(z.number().nullable());
const table = z.looseObject({ length: z.int() });

/** What of version 48 of the processed format is relied upon here, by firefox-devtools/profiler's type definitions. */
const profileShape = z.object({
  meta: z.looseObject({
    preprocessedProfileVersion: z.literal(48),
    interval: z.number(),
    startTime: z.number(),
  }),
  threads: z.array(
    z.object({
      name: z.string(),
      pid: z.string(),
      isMainThread: z.boolean(),
      stringArray: z.array(z.string()),
      samples: z.object({
        time: z.array(z.number()),
        threadCPUDelta: numbers,
        stack: numbers,
        length: z.int(),
      }),
      markers: z.object({
        name: z.array(z.int()),
        startTime: z.array(z.number()),
        endTime: numbers,
        phase: z.array(z.int()),
        length: z.int(),
      }),
      frameTable: table,
      funcTable: table,
      stackTable: table,
      resourceTable: table,
      nativeSymbols: table,
    }),
  ),
  counters: z.array(
    z.object({
      category: z.string(),
      pid: z.string(),
      mainThreadIndex: z.int(),
      samples: z.object({ time: z.array(z.number()), count: z.array(z.number()), length: z.int() }),
    }),
  ),
});

const profile = profileShape.parse(JSON.parse(textOf(firefoxFormat.write(drawnSource()))));

function threadNamed(name: string) {
  const thread = profile.threads.find((candidate) => candidate.name === name);
  if (thread === undefined) throw new Error(`no thread ${name}`);
  return thread;
}

it('has the phases, every core, the process and its thread', () => {
  expect(profile.threads.map(({ name, isMainThread }) => [name, isMainThread])).toEqual([
    ['Phases', true],
    ['core 0', false],
    ['core 1', false],
    ['python3', true],
    ['worker 1', false],
  ]);
});

it('tells CPU as microseconds since the sample before, and null where that is not known', () => {
  expect(threadNamed('core 0').samples.threadCPUDelta).toEqual([null, 50_000, 100_000, 100_000, 50_000]);
  expect(threadNamed('python3').samples.threadCPUDelta).toEqual([null, 50_000, 100_000, 200_000, 50_000]);
  expect(threadNamed('worker 1').pid).toBe(threadNamed('python3').pid);
});

it('tells memory as changes of the PSS, under the main thread of its process', () => {
  const [counter] = profile.counters;
  expect(counter?.samples).toEqual({ time: [0, 100, 200, 400], count: [5e5, 5e5, 1e6, -5e5], length: 4 });
  expect(profile.threads[counter?.mainThreadIndex ?? -1]?.name).toBe('python3');
});

it('shows runs and tasks as markers with both ends, and the program’s marker as a moment', () => {
  const { markers, stringArray } = threadNamed('Phases');
  const drawn = markers.name.map(
    (name, index) =>
      `${stringArray[name] ?? '?'} ${markers.startTime[index] ?? '?'} to ${markers.endTime[index] ?? 'nothing'}, ${markers.phase[index] ?? '?'}`,
  );
  expect(drawn).toContain('run 100 to 400, 1');
  expect(drawn).toContain('task (worker 1) 200 to 320, 1');
  expect(drawn).toContain('marker 150 to nothing, 0');
});

it('has columns as long as each table says', () => {
  for (const thread of profile.threads) {
    for (const each of [
      thread.samples,
      thread.markers,
      thread.frameTable,
      thread.funcTable,
      thread.stackTable,
    ]) {
      for (const column of Object.values(each)) {
        if (Array.isArray(column)) expect(column).toHaveLength(each.length);
      }
    }
  }
});
