import { existsSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import {
  cleanUp,
  listRecordings,
  pinRecording,
  unpinRecording,
} from '../../../../src/engine/recording/library.ts';
import { acquireLock, type LockSurroundings } from '../../../../src/engine/recording/lock.ts';
import {
  makeRecording,
  playInto,
  problemOf,
  startRecorder,
  temporaryFolder,
  valueOf,
} from './support/made-recording.ts';

/** A finished recording that began at `startedUnixMs`. */
function recordingOf(folder: string, name: string, startedUnixMs: number): string {
  const path = join(folder, `${name}.corescope`);
  const started = startRecorder(path, {
    facts: { corescopeVersion: '0', title: name, startedUnixMs, requestedEveryMs: 100 },
  });
  playInto(started, { ticks: 5 });
  valueOf(started.recorder.close());
  return path;
}

it('lists recordings newest first, and says of each what it is', () => {
  const folder = temporaryFolder();
  recordingOf(folder, 'old', 1000);
  recordingOf(folder, 'new', 3000);
  const open = startRecorder(join(folder, 'open.corescope'), {
    facts: { corescopeVersion: '0', title: 'open', startedUnixMs: 2000, requestedEveryMs: 100 },
  });
  writeFileSync(join(folder, 'other.corescope'), 'no recording');
  utimesSync(join(folder, 'other.corescope'), 0.5, 0.5);
  writeFileSync(join(folder, 'notes.txt'), 'not looked at');
  valueOf(pinRecording(join(folder, 'old.corescope')));

  const listed = valueOf(listRecordings(folder)).map(
    ({ path, state, pinned, manifest, problem }) =>
      `${basename(path)} ${state} ${pinned ? 'pinned' : '-'} ${manifest?.title ?? problem?.kind ?? ''}`,
  );
  expect(listed).toEqual([
    'new.corescope finished - new',
    'open.corescope writing - open',
    'old.corescope finished pinned old',
    'other.corescope unreadable - not-a-recording',
  ]);
  valueOf(open.recorder.close());
});

it('removes the oldest first until the rest fits, and never what is pinned', () => {
  const folder = temporaryFolder();
  const paths = [1, 2, 3, 4].map((age) => recordingOf(folder, `r${age}`, age * 1000));
  const [oldest = '', second = '', third = '', newest = ''] = paths;
  valueOf(pinRecording(oldest));
  const total = paths.reduce((sum, path) => sum + readFileSync(path).length, 0);

  const { removed, problems } = valueOf(cleanUp(folder, total - 1));
  expect(removed).toEqual([second]);
  expect(problems).toEqual([]);

  const nothing = valueOf(cleanUp(folder, 0));
  expect(nothing.removed).toEqual([third, newest]);
  expect(nothing.problems.map(({ kind }) => kind)).toEqual(['recording-budget']);
  expect(existsSync(oldest)).toBe(true);

  valueOf(unpinRecording(oldest));
  expect(valueOf(cleanUp(folder, 0)).removed).toEqual([oldest]);
});

it('never removes what is being written, what is a link, or what is not ours', () => {
  const folder = temporaryFolder();
  const elsewhere = join(temporaryFolder(), 'kept.corescope');
  makeRecording(elsewhere, { ticks: 1 });
  symlinkSync(elsewhere, join(folder, 'link.corescope'));
  writeFileSync(join(folder, 'thesis.corescope'), 'years of work');
  const open = startRecorder(join(folder, 'open.corescope'));

  expect(valueOf(cleanUp(folder, 0)).removed).toEqual([]);
  expect(existsSync(elsewhere)).toBe(true);
  valueOf(open.recorder.close());
});

it('a folder that is not there, and pinning what is not there, are problems', () => {
  const missing = join(temporaryFolder(), 'missing');
  expect(problemOf(listRecordings(missing))).toBe('recording-not-read');
  expect(problemOf(cleanUp(missing, 1))).toBe('recording-not-read');
  expect(problemOf(pinRecording(missing))).toBe('recording-not-read');
});

/** A machine on which these processes run: pid to start time. */
function machineOf(pid: number, running: Readonly<Record<number, string>>, host = 'here'): LockSurroundings {
  return { host, pid, startOf: (asked) => running[asked] ?? null };
}

it.each([
  ['a process that runs', machineOf(2, { 1: 'a', 2: 'b' }), 'recording-in-use'],
  ['a process that has ended', machineOf(2, { 2: 'b' }), 'no problem'],
  ['a process whose pid another has now', machineOf(2, { 1: 'later', 2: 'b' }), 'no problem'],
  ['a process on another machine', machineOf(2, { 2: 'b' }, 'there'), 'recording-in-use'],
])('a lock of %s gives: %s', (_, surroundings, outcome) => {
  const path = join(temporaryFolder(), 'locked.corescope');
  valueOf(acquireLock(path, machineOf(1, { 1: 'a' })));
  expect(problemOf(acquireLock(path, surroundings))).toBe(outcome);
});

it('a lock that another has taken over is not released by the one who lost it', () => {
  const path = join(temporaryFolder(), 'locked.corescope');
  const first = valueOf(acquireLock(path, machineOf(1, { 1: 'a' })));
  const second = valueOf(acquireLock(path, machineOf(2, { 2: 'b' })));
  first.release();
  expect(existsSync(`${path}.lock`)).toBe(true);
  second.release();
  expect(existsSync(`${path}.lock`)).toBe(false);
});
