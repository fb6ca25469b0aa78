import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendEvents } from '../../../../src/engine/recording/append-events.ts';
import { editRecording, readTags } from '../../../../src/engine/recording/edit-recording.ts';
import { describeRecording } from '../../../../src/engine/recording/library.ts';
import { openRecording } from '../../../../src/engine/recording/open-recording.ts';
import {
  makeRecording,
  problemOf,
  startRecorder,
  temporaryFolder,
  valueOf,
} from './support/made-recording.ts';

const oldFile = resolve(import.meta.dirname, '../../../fixtures/recordings/1/shell.corescope');

describe('a recording that is edited', () => {
  it('has its new title and tags in the list and when it is opened, and all of its samples', () => {
    const path = join(temporaryFolder(), 'edited.corescope');
    const frames = makeRecording(path, { ticks: 30 });
    valueOf(editRecording(path, { title: ' before the fix ', tags: ['slow', ' main ', 'Slow'] }));
    valueOf(appendEvents(path, [{ type: 'note', atMs: 1000, text: 'here it waits' }]));
    valueOf(editRecording(path, { tags: ['main'] }));

    expect(describeRecording(path)).toMatchObject({
      state: 'finished',
      manifest: { title: 'before the fix', tags: ['main'] },
    });
    const recording = valueOf(openRecording(path));
    expect(recording.manifest).toMatchObject({ title: 'before the fix', tags: ['main'] });
    expect([...recording.frames(recording.span)]).toHaveLength(frames.length);
    expect(recording.events().map(({ type }) => type)).toEqual(['note']);
    expect(recording.problems()).toEqual([]);
    recording.close();
  });

  it('keeps the words of the columns that it was written with, also where they are those of an old version', () => {
    const path = join(temporaryFolder(), 'old.corescope');
    copyFileSync(oldFile, path);
    const sumOf = (file: string): number => {
      const recording = valueOf(openRecording(file));
      const sums = [...recording.frames(recording.span)].map(({ rssBytes }) =>
        rssBytes.reduce((sum, bytes) => sum + bytes, 0),
      );
      recording.close();
      return sums.reduce((sum, bytes) => sum + bytes, 0);
    };
    valueOf(editRecording(path, { tags: ['kept'] }));
    expect(sumOf(path)).toBe(sumOf(oldFile));
    expect(sumOf(path)).toBeGreaterThan(0);
  });

  it('is refused while it is written, and stays as it is where it cannot be read', () => {
    const folder = temporaryFolder();
    const open = startRecorder(join(folder, 'open.corescope'));
    expect(problemOf(editRecording(open.recorder.path, { tags: [] }))).toBe('recording-in-use');
    valueOf(open.recorder.close());

    const foreign = join(folder, 'foreign.corescope');
    writeFileSync(foreign, 'years of work');
    expect(problemOf(editRecording(foreign, { title: 'mine' }))).toBe('not-a-recording');
    expect(readFileSync(foreign, 'utf8')).toBe('years of work');
  });
});

it.each([
  [[''], 'bad-tag'],
  [['a,b'], 'bad-tag'],
  [['\u001b[31mred'], 'bad-tag'],
  [['x'.repeat(61)], 'bad-tag'],
  [Array.from({ length: 51 }, (_, index) => `t${index}`), 'too-many-tags'],
  [['with space', 'ümlaut', 'A', 'a'], 'no problem'],
])('of the tags %j it is said: %s', (tags, outcome) => {
  expect(problemOf(readTags(tags))).toBe(outcome);
});
