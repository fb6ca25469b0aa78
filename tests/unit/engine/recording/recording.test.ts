import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parsePlan } from '../../../../src/engine/experiment/plan.ts';
import { openRecording } from '../../../../src/engine/recording/open-recording.ts';
import {
  asLists,
  asRecorded,
  makeRecording,
  playInto,
  problemOf,
  startRecorder,
  temporaryFolder,
  valueOf,
} from './support/made-recording.ts';

const everything = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };

it('gives back every frame as it was, shares rounded to 0.00001 and CPU times to the microsecond', () => {
  const path = join(temporaryFolder(), 'whole.corescope');
  const frames = makeRecording(path, { cores: 3, processes: 12, ticks: 250 });
  const recording = valueOf(openRecording(path));
  const read = [...recording.frames(everything)];
  recording.close();

  expect(read).toHaveLength(250);
  expect(read.map(asLists)).toEqual(frames.map(asRecorded));
  expect(recording.problems()).toEqual([]);
  expect(recording.isFinished).toBe(true);
});

it('opens any part: the frames of a span, from the key block before it', () => {
  const path = join(temporaryFolder(), 'part.corescope');
  const frames = makeRecording(path, { ticks: 400 });
  const recording = valueOf(openRecording(path));
  const read = [...recording.frames({ fromMs: 21_350, toMs: 24_050 })];
  recording.close();

  const expected = frames.filter(({ atMs }) => atMs >= 21_350 && atMs < 24_050);
  expect(read.map(asLists)).toEqual(expected.map(asRecorded));
  expect(expected).toHaveLength(27);
});

it('reads single columns and leaves the others unknown', () => {
  const path = join(temporaryFolder(), 'columns.corescope');
  const frames = makeRecording(path, { ticks: 30 });
  const recording = valueOf(openRecording(path));
  const [first] = recording.frames({ ...everything, columns: ['totalRssBytes'] });
  recording.close();

  expect(Array.from(first?.totalRssBytes ?? [])).toEqual(Array.from(frames[0]?.totalRssBytes ?? []));
  expect(Array.from(first?.cpuShare ?? [])).toEqual([NaN, NaN, NaN, NaN, NaN, NaN]);
  expect(first?.atMs).toBe(frames[0]?.atMs);
});

it('tells who was there, when they came and went, and how they were called', () => {
  const path = join(temporaryFolder(), 'entities.corescope');
  makeRecording(path, { processes: 3, ticks: 40 });
  const recording = valueOf(openRecording(path));
  const rows = [...recording.entities({ fromMs: 1500, toMs: 2500 }).values()];
  recording.close();

  expect(
    rows.map(
      ({ key, name, user, bornMs, goneMs }) => `${key} ${name} ${user ?? '-'} ${bornMs} ${goneMs ?? '-'}`,
    ),
  ).toEqual([
    '1 worker-1 builder 0 -',
    '2 worker-2 builder 0 -',
    '4 worker-4 builder 1000 2000',
    '5 worker-5 www-data 2000 -',
  ]);
});

it('keeps the names of rows that have been there since long before the span', () => {
  const path = join(temporaryFolder(), 'long.corescope');
  const started = startRecorder(path);
  const { recorder, clock } = started;
  playInto(started, { processes: 3, ticks: 1 });
  for (const minute of [5, 10, 15, 20, 25]) {
    clock.atMs = minute * 60_000;
    recorder.addNote(`minute ${minute}`);
    recorder.flush();
  }
  valueOf(recorder.close());
  const recording = valueOf(openRecording(path));
  const rows = [...recording.entities({ fromMs: 24 * 60_000, toMs: 25 * 60_000 }).values()];
  recording.close();

  expect(rows.map(({ key, name, bornMs }) => `${key} ${name} ${bornMs}`)).toEqual([
    '1 worker-1 0',
    '2 worker-2 0',
    '3 worker-3 0',
  ]);
});

it('keeps events, markers and notes in the order of the clock', () => {
  const path = join(temporaryFolder(), 'events.corescope');
  const { recorder, clock } = startRecorder(path);
  clock.atMs = 50;
  recorder.addMarker(
    { kind: 'marker', name: 'loaded', values: { rows: '7' } },
    { source: 'protocol', entityKey: 3 },
  );
  recorder.addEvent({ type: 'work-started', order: 1, atMs: 20 });
  recorder.addNote('fan came on', 30);
  valueOf(recorder.close());
  const recording = valueOf(openRecording(path));

  expect(recording.events()).toEqual([
    { type: 'run', atMs: 20, event: { type: 'work-started', order: 1, atMs: 20 } },
    { type: 'note', atMs: 30, text: 'fan came on' },
    {
      type: 'marker',
      atMs: 50,
      source: 'protocol',
      entityKey: 3,
      marker: { kind: 'marker', name: 'loaded', values: { rows: '7' } },
    },
  ]);
  expect(recording.events({ fromMs: 25, toMs: 50 })).toEqual([
    { type: 'note', atMs: 30, text: 'fan came on' },
  ]);
  expect(recording.span).toEqual({ fromMs: 20, toMs: 50.001 });
  recording.close();
});

it('says at the end how it went, and what became known on the way', () => {
  const path = join(temporaryFolder(), 'summary.corescope');
  const started = startRecorder(path);
  const frames = playInto(started, { ticks: 21 });
  started.recorder.describe({ strategy: 'threads', workers: 4 });
  valueOf(started.recorder.close());
  const recording = valueOf(openRecording(path));
  recording.close();
  const firstMs = frames[0]?.atMs ?? NaN;
  const lastMs = frames[20]?.atMs ?? NaN;

  expect(recording.manifest).toMatchObject({
    title: 'a test',
    strategy: 'threads',
    workers: 4,
    summary: {
      frames: 21,
      durationMs: lastMs - firstMs,
      achievedEveryMs: (lastMs - firstMs) / 20,
      missedTicks: 0,
      lostFrames: 0,
    },
  });
});

it('writes a block when a second is full, without waiting to be told', () => {
  const path = join(temporaryFolder(), 'second.corescope');
  const started = startRecorder(path);
  const begun = statSync(path).size;
  playInto(started, { ticks: 9 });
  expect(statSync(path).size).toBe(begun);
  playInto(started, { ticks: 1 });
  expect(statSync(path).size).toBeGreaterThan(begun);
  valueOf(started.recorder.close());
});

it('keeps the cores as they were told', () => {
  const path = join(temporaryFolder(), 'cores.corescope');
  makeRecording(path, { cores: 2, ticks: 1 });
  const recording = valueOf(openRecording(path));
  const [told] = recording.topologies();
  recording.close();
  expect(told?.atMs).toBe(0);
  expect(told?.topology.cores.map(({ index, maxMhz }) => [index, maxMhz])).toEqual([
    [0, 3400],
    [1, 3400],
  ]);
});

it('is for the eyes of its owner, and leaves no lock behind', () => {
  const path = join(temporaryFolder(), 'private.corescope');
  makeRecording(path, { ticks: 1 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

it('never writes over a file', () => {
  const path = join(temporaryFolder(), 'there.corescope');
  makeRecording(path, { ticks: 3 });
  const size = statSync(path).size;
  expect(() => startRecorder(path)).toThrow('it exists already');
  expect(statSync(path).size).toBe(size);
  expect(problemOf(openRecording(path))).toBe('no problem');
});

it('hides secrets in command lines where it was asked to, also in the command itself', () => {
  const path = join(temporaryFolder(), 'secrets.corescope');
  const { recorder } = startRecorder(path, {
    facts: {
      corescopeVersion: '0',
      title: 't',
      startedUnixMs: 1,
      requestedEveryMs: 100,
      command: ['tool', '--token', 'hunter2'],
      commandLinePrivacy: 'hide-secrets',
    },
  });
  recorder.receive({
    type: 'entities',
    appeared: [
      {
        key: 1,
        kind: 'process',
        pid: 7,
        tid: null,
        parentKey: null,
        rootPid: 7,
        owner: 'run',
        name: 'tool',
        commandLine: 'tool --token hunter2 file',
        user: null,
        startedUnixMs: null,
      },
    ],
    goneKeys: [],
  });
  valueOf(recorder.close());
  const recording = valueOf(openRecording(path));
  const row = recording.entities(everything).get(1);
  recording.close();
  expect(row?.commandLine).toBe('tool --token *** file');
  expect(recording.manifest?.command).toEqual(['tool', '--token', '***']);
});

it('keeps of the variables that a plan sets only the names, and hides the secrets of its commands', () => {
  const path = join(temporaryFolder(), 'plan.corescope');
  const { recorder } = startRecorder(path, {
    facts: {
      corescopeVersion: '0',
      title: 't',
      startedUnixMs: 1,
      requestedEveryMs: 100,
      commandLinePrivacy: 'hide-secrets',
    },
  });
  const plan = valueOf(
    parsePlan({
      workload: {
        id: 'command',
        runtime: 'command',
        target: {
          kind: 'command',
          argv: [process.execPath, '--password=hunter2'],
          cwd: null,
          stdinFile: null,
          environment: { HOME_OF_ALL: 'hunter2' },
        },
        params: {},
        tasks: 1,
      },
      strategies: ['serial'],
      workerCounts: [1],
      blocks: 1,
      warmUpBlocks: 0,
      timeoutMs: 1000,
      seed: 1,
      pythonPath: null,
      prepareCommand: 'login --token hunter2',
    }),
  );
  recorder.addEvent({ type: 'planned', plan, runs: [], atMs: 1 });
  valueOf(recorder.close());
  const recording = valueOf(openRecording(path));
  const events = JSON.stringify(recording.events());
  recording.close();
  expect(events).not.toContain('hunter2');
  expect(events).toContain('"environment":{"HOME_OF_ALL":"***"}');
  expect(events).toContain('"prepareCommand":"login --token ***"');
});
