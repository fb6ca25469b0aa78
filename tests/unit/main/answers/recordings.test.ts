import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRecordingAnswers } from '../../../../src/main/answers/recordings.ts';
import { recordingSchemas } from '../../../../src/main/answers/recordings-payloads.ts';
import {
  makeRecording,
  playInto,
  problemOf,
  startRecorder,
  temporaryFolder,
  valueOf,
} from '../../engine/recording/support/made-recording.ts';

const hostileName = '<img src=x onerror=alert(1)>\u001b[2J';

/** A folder with one recording of ten seconds that holds a phase, a marker and a note. */
function aLibrary() {
  const folder = temporaryFolder();
  const path = join(folder, 'one.corescope');
  const started = startRecorder(path);
  playInto(started, { ticks: 50 });
  started.recorder.addMarker({ kind: 'begin', name: 'load', values: {} }, { atMs: 1000 });
  started.recorder.addMarker({ kind: 'marker', name: hostileName, values: {} }, { atMs: 1500 });
  started.recorder.addMarker({ kind: 'end', name: 'load', values: {} }, { atMs: 3000 });
  started.recorder.addNote('a remark', 2000);
  playInto(started, { ticks: 50 });
  valueOf(started.recorder.close());
  return { folder, path, answers: createRecordingAnswers(() => ({ folder, budgetBytes: 2e9 })) };
}

describe('the library', () => {
  test('of a folder that is not there yet is empty', async () => {
    const folder = join(temporaryFolder(), 'not', 'there');
    const answers = createRecordingAnswers(() => ({ folder, budgetBytes: 5 }));
    const library = valueOf(await answers['recordings:list'](null));
    expect(library).toMatchObject({ folder, budgetBytes: 5, totalBytes: 0, entries: [] });
    expect(library.formats.map(({ id }) => id)).toContain('html');
  });

  test('lists what is there, with the sum of the sizes', async () => {
    const { path, folder, answers } = aLibrary();
    writeFileSync(join(folder, 'broken.corescope'), 'not a recording');
    const { entries, totalBytes } = valueOf(await answers['recordings:list'](null));
    expect(new Set(entries.map(({ state }) => state))).toEqual(new Set(['finished', 'unreadable']));
    expect(totalBytes).toBe(readFileSync(path).length + 15);
  });

  test('keeps a new title and tags in the file itself, and a pin beside it', async () => {
    const { path, answers } = aLibrary();
    valueOf(await answers['recordings:edit']({ path, title: 'nightly', tags: ['slow', 'Slow', 'node 22'] }));
    valueOf(await answers['recordings:pin']({ path, pinned: true }));
    const { entries } = valueOf(await answers['recordings:list'](null));
    expect(entries[0]).toMatchObject({
      pinned: true,
      manifest: { title: 'nightly', tags: ['slow', 'node 22'] },
    });
  });

  test('does not let go of a recording that is being written', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'now.corescope');
    const { recorder } = startRecorder(path);
    const answers = createRecordingAnswers(() => ({ folder, budgetBytes: 2e9 }));
    expect(problemOf(await answers['recordings:let-go']({ path }))).toBe('recording-in-use');
    valueOf(recorder.close());
    valueOf(await answers['recordings:let-go']({ path }));
    valueOf(await answers['recordings:erase']({ path }));
    expect(existsSync(path)).toBe(false);
  });
});

describe('a recording that is open', () => {
  test('tells its phases, moments and figures; names are data and come as they are', async () => {
    const { path, answers } = aLibrary();
    const opened = valueOf(await answers['recording:open']({ path }));
    expect(opened.phases).toMatchObject([{ kind: 'marked', name: 'load', fromMs: 1000, toMs: 3000 }]);
    expect(opened.moments).toEqual([
      { kind: 'marker', name: hostileName, atMs: 1500 },
      { kind: 'note', name: 'a remark', atMs: 2000 },
    ]);
    expect(opened).toMatchObject({ cores: 4, isFinished: true, problems: [] });
  });

  test('gives the columns of a span as typed arrays, as fine as was asked for', async () => {
    const { path, answers } = aLibrary();
    const picture = valueOf(await answers['recording:span']({ path, fromMs: 1000, toMs: 3000, columns: 20 }));
    expect(picture).toMatchObject({ startMs: 1000, bucketMs: 100, bucketCount: 20, cores: 4 });
    expect(picture.coreMean).toBeInstanceOf(Uint8Array);
    expect(picture.coreMean).toHaveLength(80);
    expect(picture.lines.runPssBytes.max).toBeInstanceOf(Float32Array);
  });

  test('names the processes of a span, parents first, with what they used of it', async () => {
    const { path, answers } = aLibrary();
    const whole = valueOf(await answers['recording:processes']({ path, fromMs: 0, toMs: 10_000 }));
    expect(whole).toMatchObject({ samples: 100, isThinned: false, left: 0 });
    expect(whole.processes[0]?.depth).toBe(0);
    expect(whole.processes.length).toBeGreaterThan(1);
  });

  test('shows a note that was added meanwhile', async () => {
    const { path, answers } = aLibrary();
    valueOf(await answers['recording:open']({ path }));
    valueOf(await answers['recording:add-note']({ path, atMs: 2500, text: '  look here ' }));
    const { moments } = valueOf(await answers['recording:open']({ path }));
    expect(moments.at(-1)).toEqual({ kind: 'note', name: 'look here', atMs: 2500 });
  });

  test.skipIf(process.platform === 'win32')('that is moved away can be read on, and says so', async () => {
    const { path, folder, answers } = aLibrary();
    valueOf(await answers['recording:open']({ path }));
    renameSync(path, join(folder, 'elsewhere'));
    const picture = valueOf(await answers['recording:span']({ path, fromMs: 0, toMs: 10_000, columns: 50 }));
    expect(picture.sampleCounts.some((count) => count > 0)).toBe(true);
    expect(picture.problems[0]?.kind).toBe('recording-vanished');
    const target = join(folder, 'rescued.csv');
    valueOf(await answers['recording:write-export']({ path, format: 'csv', span: null, target }));
    expect(readFileSync(target, 'utf8').split('\n').length).toBeGreaterThan(100);
    valueOf(await answers['recording:close']({ path }));
    expect(problemOf(await answers['recording:open']({ path }))).toBe('recording-not-read');
  });

  test('is exported for the span that is looked at', async () => {
    const { path, folder, answers } = aLibrary();
    const target = join(folder, 'part.csv');
    const span = { fromMs: 1000, toMs: 2000 };
    valueOf(await answers['recording:write-export']({ path, format: 'csv', span, target }));
    expect(readFileSync(target, 'utf8').trim().split('\n')).toHaveLength(11);
    const unknown = { path, format: 'telepathy', span, target };
    expect(problemOf(await answers['recording:write-export'](unknown))).toBe('unknown-format');
  });
});

describe('a comparison', () => {
  test('names what differs and by what it can be aligned', async () => {
    const { path, folder, answers } = aLibrary();
    const other = join(folder, 'two.corescope');
    makeRecording(other, { ticks: 40, seed: 2 });
    const compared = valueOf(await answers['recordings:compare']({ paths: [path, other], alignBy: null }));
    expect(compared).toMatchObject({ alignedBy: null, alignNames: [], comparable: true });
    expect(compared.recordings.map(({ runCores }) => runCores.length > 0)).toEqual([true, true]);
    const missing = await answers['recordings:compare']({ paths: [path, other], alignBy: 'load' });
    expect(problemOf(missing)).toBe('nothing-to-align');
  });
});

describe('files of other tools', () => {
  test('are told from one another by what is in them', async () => {
    const folder = temporaryFolder();
    const { answers } = aLibrary();
    const path = join(folder, 'mprof.dat');
    writeFileSync(path, 'CMDLINE python work.py\nMEM 1.5 1700000000.0\nMEM 2.5 1700000000.1\n');
    const read = valueOf(await answers['foreign:open']({ path }));
    if (read.kind !== 'series') throw new Error('mprof writes a series');
    expect(read.command).toBe('python work.py');
    expect(read.series[0]?.values).toEqual(Float64Array.of(1.5 * 2 ** 20, 2.5 * 2 ** 20));
    expect(problemOf(await answers['foreign:open']({ path: join(folder, 'none.dat') }))).toBe(
      'recording-not-read',
    );
    mkdirSync(join(folder, 'folder'));
    expect(problemOf(await answers['foreign:open']({ path: join(folder, 'folder') }))).toBe(
      'recording-not-read',
    );
  });
});

describe('what a page may ask', () => {
  test.each([
    ['a relative path', 'a.corescope'],
    ['another kind of file', '/etc/passwd'],
    ['no text', 7],
  ])('is refused for %s where something would be changed', (_name, path) => {
    expect(recordingSchemas['recordings:remove'].safeParse({ path, forGood: true }).success).toBe(false);
    expect(recordingSchemas['recordings:pin'].safeParse({ path, pinned: true }).success).toBe(false);
    expect(recordingSchemas['recordings:edit'].safeParse({ path, title: 'x' }).success).toBe(false);
  });
});
