import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendEvents } from '../../../../src/engine/recording/append-events.ts';
import { openBlocks } from '../../../../src/engine/recording/block-reader.ts';
import { blockType, encodeFileHeader } from '../../../../src/engine/recording/container.ts';
import { openRecording } from '../../../../src/engine/recording/open-recording.ts';
import {
  asLists,
  makeRecording,
  playInto,
  problemOf,
  startRecorder,
  temporaryFolder,
  valueOf,
} from './support/made-recording.ts';

const everything = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };

interface WhatIsLeft {
  readonly frames: readonly string[];
  readonly kinds: readonly string[];
}

/** Reads the frames. */
function readFramesOf(path: string): WhatIsLeft | string {
  const opened = openRecording(path);
  if (!opened.ok) return opened.problem.kind;
  const recording = opened.value;
  const frames = [...recording.frames(everything)].map((frame) => JSON.stringify(asLists(frame)));
  recording.close();
  return { frames, kinds: recording.problems().map(({ kind }) => kind) };
}

/** Reads all that can be read. */
function readAll(path: string): WhatIsLeft | string {
  const opened = openRecording(path);
  if (!opened.ok) return opened.problem.kind;
  const recording = opened.value;
  const frames = [...recording.frames(everything)].map((frame) => JSON.stringify(asLists(frame)));
  recording.entities(everything);
  recording.events();
  recording.topologies();
  recording.overview(everything, 1);
  recording.close();
  return { frames, kinds: recording.problems().map(({ kind }) => kind) };
}

/** A file with the given content. */
function fileOf(folder: string, content: Uint8Array): string {
  const path = join(folder, 'damaged.corescope');
  writeFileSync(path, content);
  return path;
}

it('opens a recording cut off anywhere, with every frame of the blocks before the cut', () => {
  const folder = temporaryFolder();
  const whole = join(folder, 'whole.corescope');
  makeRecording(whole, { cores: 1, processes: 2, ticks: 12 });
  const bytes = readFileSync(whole);
  const all = readFramesOf(whole);
  if (typeof all === 'string') throw new Error(all);

  // About the borders of blocks and of their heads of 48 bytes, and every 16th byte elsewhere, where one is like the next.
  const blocks = valueOf(openBlocks(whole));
  blocks.close();
  const borders = [0, bytes.length, ...blocks.entries.map(({ offset }) => offset)];
  const isNearBorder = (length: number): boolean =>
    borders.some((at) => Math.abs(length - at) <= 2 || Math.abs(length - at - 48) <= 2);
  // One file that gets shorter: thousands of files would be most of the work.
  const path = fileOf(folder, bytes);
  const wrong: string[] = [];
  const counts = new Set<number>();
  let mostFrames = 12;
  for (let length = bytes.length - 1; length > 0; length -= 1) {
    if (length % 16 !== 0 && !isNearBorder(length)) continue;
    truncateSync(path, length);
    const left = readFramesOf(path);
    const frames = typeof left === 'string' ? [] : left.frames;
    // What a shorter file tells, a longer one must tell too.
    if (frames.length > mostFrames) wrong.push(`${length} bytes: ${frames.length} frames`);
    if (frames.some((frame, index) => frame !== all.frames[index])) wrong.push(`${length} bytes: untrue`);
    if (typeof left === 'string') {
      if (!['recording-empty', 'not-a-recording', 'recording-damaged'].includes(left)) wrong.push(left);
    } else if (!left.kinds.includes('recording-unfinished')) wrong.push(`${length} bytes: no word of it`);
    mostFrames = Math.min(mostFrames, frames.length);
    counts.add(frames.length);
  }
  expect(wrong).toEqual([]);
  // Blocks of a second, of which one, two and none are left.
  expect([...counts]).toEqual([12, 10, 0]);
});

it('opens a longer recording cut off at every KiB', () => {
  const folder = temporaryFolder();
  const whole = join(folder, 'whole.corescope');
  makeRecording(whole, { cores: 8, processes: 60, ticks: 110 });
  const bytes = readFileSync(whole);
  const all = readAll(whole);
  if (typeof all === 'string') throw new Error(all);
  for (let length = 1024; length < bytes.length; length += 1024) {
    const left = readAll(fileOf(folder, bytes.subarray(0, length)));
    if (typeof left === 'string') expect(left).toBe('recording-empty');
    else expect(left.frames).toEqual(all.frames.slice(0, left.frames.length));
  }
});

it('survives flipped bytes: what it still reads is true, and what it does not is told', () => {
  const folder = temporaryFolder();
  const whole = join(folder, 'whole.corescope');
  makeRecording(whole, { cores: 2, processes: 4, ticks: 120 });
  const bytes = readFileSync(whole);
  const all = readAll(whole);
  if (typeof all === 'string') throw new Error(all);
  const truth = new Set(all.frames);
  const flips = fc.array(
    fc.record({ at: fc.nat(bytes.length - 1), bits: fc.integer({ min: 1, max: 255 }) }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(flips, (places) => {
      const damaged = Buffer.from(bytes);
      for (const { at, bits } of places) damaged[at] = (damaged[at] ?? 0) ^ bits;
      const left = readAll(fileOf(folder, damaged));
      if (typeof left === 'string') {
        // Only a damaged version number or magic keeps it shut.
        expect(places.some(({ at }) => at < 64)).toBe(true);
        return;
      }
      for (const frame of left.frames) expect(truth.has(frame)).toBe(true);
      if (left.frames.length < all.frames.length) {
        expect(left.kinds.filter((kind) => kind !== 'recording-unfinished').length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 60 },
  );
});

it('never reads past what a forged block promises: payloads of any bytes are refused, not believed', () => {
  const folder = temporaryFolder();
  const whole = join(folder, 'whole.corescope');
  makeRecording(whole, { ticks: 12 });
  const whatever = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(whatever, (tail) => {
      const bytes = Buffer.concat([readFileSync(whole), tail]);
      const left = readAll(fileOf(folder, bytes));
      expect(typeof left === 'string' ? left : left.frames.length).toBe(12);
    }),
    { numRuns: 50 },
  );
});

it('goes on at the next key block where a second is lost, and says which', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'hole.corescope');
  makeRecording(path, { cores: 2, processes: 4, ticks: 300 });
  const bytes = readFileSync(path);
  const blocks = valueOf(openBlocks(path));
  blocks.close();
  const second = blocks.entries.find(({ type, startMs }) => type === blockType.frames && startMs >= 14_000);
  bytes.fill(0, (second?.offset ?? 0) + 60, (second?.offset ?? 0) + 100);
  const recording = valueOf(openRecording(fileOf(folder, bytes)));
  const read = [...recording.frames(everything)];
  recording.close();

  expect(read).toHaveLength(240);
  expect(read.at(-1)?.sequence).toBe(300);
  const lost = recording.problems().find(({ kind }) => kind === 'recording-frames-lost');
  expect(lost?.message).toContain('Frames from 14.0 s to 20.0 s are damaged or missing');
});

describe('files that are no recordings of ours', () => {
  it.each([
    ['an empty file', new Uint8Array(0), 'recording-empty'],
    ['a text', Buffer.from('hello\n'), 'not-a-recording'],
    ['one that begins like ours', encodeFileHeader().subarray(0, 8), 'recording-damaged'],
    ['a head without a block', encodeFileHeader(), 'recording-empty'],
    ['one of a later version', encodeFileHeader(2), 'recording-too-new'],
  ])('%s is refused with a reason', (_, content, kind) => {
    expect(problemOf(openRecording(fileOf(temporaryFolder(), content)))).toBe(kind);
  });

  it('a folder, a pipe, and nothing at all', () => {
    const folder = temporaryFolder();
    expect(problemOf(openRecording(folder))).toBe('recording-not-read');
    expect(problemOf(openRecording(join(folder, 'nothing.corescope')))).toBe('recording-not-read');
    const pipe = join(folder, 'pipe.corescope');
    if (spawnSync('mkfifo', [pipe]).status !== 0) return;
    expect(problemOf(openRecording(pipe))).toBe('recording-not-read');
  });

  it('10 GB of nothing is refused at once, and behind a sound beginning it is passed over', () => {
    const folder = temporaryFolder();
    const hole = join(folder, 'hole.corescope');
    const descriptor = openSync(hole, 'w');
    ftruncateSync(descriptor, 10 * 1024 ** 3);
    closeSync(descriptor);
    expect(problemOf(openRecording(hole))).toBe('not-a-recording');

    const whole = join(folder, 'whole.corescope');
    makeRecording(whole, { ticks: 12 });
    const size = statSync(whole).size;
    const grown = openSync(whole, 'r+');
    ftruncateSync(grown, 10 * 1024 ** 3);
    writeSync(grown, 'end', 10 * 1024 ** 3 - 3);
    closeSync(grown);
    const left = readAll(whole);
    expect(left).toMatchObject({ kinds: ['recording-unfinished', 'recording-damaged'] });
    expect(typeof left === 'string' ? 0 : left.frames.length).toBe(12);
    expect(size).toBeLessThan(100_000);
  });
});

it('keeps whatever a name says as data: markup, escape codes, paths', () => {
  const path = join(temporaryFolder(), 'names.corescope');
  const names = [
    '<img src=x onerror=alert(1)>',
    '\u001b[2J\u001b]0;owned\u0007',
    '../../../etc/passwd',
    '__proto__',
  ];
  const { recorder } = startRecorder(path);
  recorder.receive({
    type: 'entities',
    appeared: names.map((name, index) => ({
      key: index + 1,
      kind: 'process',
      pid: index + 1,
      tid: null,
      parentKey: null,
      rootPid: index + 1,
      owner: 'run',
      name,
      commandLine: name,
      user: name,
      startedUnixMs: null,
    })),
    goneKeys: [],
  });
  recorder.addMarker({
    kind: 'marker',
    name: names[0] ?? '',
    values: Object.fromEntries([['__proto__', 'x']]),
  });
  valueOf(recorder.close());
  const recording = valueOf(openRecording(path));
  expect([...recording.entities(everything).values()].map(({ name }) => name)).toEqual(names);
  expect(JSON.stringify(recording.events()[0])).toContain('<img src=x onerror=alert(1)>');
  recording.close();
});

describe('two writers', () => {
  it('the second is refused while the first writes, and may add notes when it is done', () => {
    const path = join(temporaryFolder(), 'two.corescope');
    const started = startRecorder(path);
    playInto(started, { ticks: 5 });
    const note = { type: 'note', atMs: 3, text: 'later' } as const;
    expect(problemOf(appendEvents(path, [note]))).toBe('recording-in-use');
    valueOf(started.recorder.close());
    valueOf(appendEvents(path, [note]));
    valueOf(appendEvents(path, [{ ...note, text: 'later still' }]));

    const recording = valueOf(openRecording(path));
    expect(recording.events()).toEqual([note, { ...note, text: 'later still' }]);
    expect(recording.isFinished).toBe(true);
    expect([...recording.frames(everything)]).toHaveLength(5);
    expect(recording.manifest?.summary?.frames).toBe(5);
    recording.close();
  });

  it('a note closes a recording whose writer was killed, and keeps all of it', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'killed.corescope');
    const started = startRecorder(path);
    playInto(started, { ticks: 25 });
    started.recorder.flush();
    const copy = join(folder, 'copy.corescope');
    copyFileSync(path, copy);
    valueOf(started.recorder.close());
    const torn = Buffer.concat([readFileSync(copy), Buffer.from('CSBK torn')]);
    writeFileSync(copy, torn);
    valueOf(appendEvents(copy, [{ type: 'note', atMs: 0, text: 'saved' }]));
    const recording = valueOf(openRecording(copy));
    expect(recording.isFinished).toBe(true);
    expect([...recording.frames(everything)]).toHaveLength(25);
    expect(recording.problems()).toEqual([]);
    recording.close();
  });
});
