import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEvents } from '../../../../src/engine/recording/append-events.ts';
import { openRecording } from '../../../../src/engine/recording/open-recording.ts';
import { createRecorder } from '../../../../src/engine/recording/recorder.ts';
import { writeStreamSafely } from '../../../../src/engine/export/write-stream.ts';
import { succeed, type Problem, type Result } from '../../../../src/shared/result.ts';
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

/** How many frames can be read, and what is told to be missing. */
function whatIsLeft(path: string): { readonly frames: number; readonly kinds: readonly string[] } {
  const recording = valueOf(openRecording(path));
  const frames = [...recording.frames(everything)].length;
  const kinds = recording.problems().map(({ kind }) => kind);
  recording.close();
  return { frames, kinds };
}

describe('a disk that fills', () => {
  it('loses what did not fit, says so once, and goes on when there is room again', () => {
    const path = join(temporaryFolder(), 'full.corescope');
    const told: Problem[] = [];
    let room = Number.POSITIVE_INFINITY;
    const started = startRecorder(path, {
      onProblem: (problem) => told.push(problem),
      file: {
        write(descriptor, bytes, position) {
          const fits = Math.min(bytes.length, room);
          room -= fits;
          if (fits === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
          return writeSync(descriptor, bytes, 0, fits, position);
        },
      },
    });
    const frames = playInto(started, { ticks: 20 });
    room = 100;
    started.recorder.addNote('written late', 1);
    playInto(started, { ticks: 20 });
    expect(told.map(({ kind }) => kind)).toEqual(['recording-not-written']);
    expect(told[0]?.message).toContain('the disk is full');
    room = Number.POSITIVE_INFINITY;
    const later = playInto(started, { ticks: 10 });
    expect(valueOf(started.recorder.close())).toMatchObject({ frames: 30, lostFrames: 20 });

    const recording = valueOf(openRecording(path));
    const read = [...recording.frames(everything)].map(asLists);
    expect(read).toEqual([...frames, ...later].map(asRecorded));
    expect(recording.events()).toEqual([{ type: 'note', atMs: 1, text: 'written late' }]);
    expect(recording.problems().map(({ kind }) => kind)).toEqual(['recording-frames-lost']);
    recording.close();
  });

  /** Records more than fits, and expects what fitted to open whole. */
  function recordTooMuch(path: string, reason: string): void {
    const told: Problem[] = [];
    const started = startRecorder(path, { onProblem: (problem) => told.push(problem) });
    const frames = playInto(started, { cores: 64, processes: 200, ticks: 600 });
    expect(started.recorder.close().ok).toBe(false);
    expect(told[0]?.message).toContain(reason);
    const left = whatIsLeft(path);
    expect(left.kinds).toContain('recording-unfinished');
    expect(left.frames).toBeGreaterThan(50);
    expect(left.frames).toBeLessThan(frames.length);
  }

  describe('that is real, of 128 KiB', () => {
    const smallDisk = mkdtempSync(join(tmpdir(), 'corescope-small-disk-'));
    let isMounted = false;
    beforeAll(() => {
      isMounted =
        spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', smallDisk], { stdio: 'ignore' })
          .status === 0;
    });
    afterAll(() => {
      if (isMounted) spawnSync('umount', [smallDisk]);
      rmSync(smallDisk, { recursive: true });
    });

    it('what was written before opens whole', ({ skip }) => {
      if (!isMounted) skip('needs the right to mount; the limit below is the same to a writer');
      recordTooMuch(join(smallDisk, 'full.corescope'), 'the disk is full');
    });

    it('an export that does not fit leaves nothing behind, and says why', async ({ skip }) => {
      if (!isMounted) skip('needs the right to mount');
      rmSync(join(smallDisk, 'full.corescope'), { force: true });
      const target = join(smallDisk, 'out.csv');
      writeFileSync(target, 'old');
      const chunks = Array.from({ length: 64 }, () => Buffer.alloc(4096, 'x'));
      const written = await writeStreamSafely(target, chunks);
      expect(written.ok ? '' : written.problem.message).toContain('the disk is full');
      expect(execFileSync('ls', ['-A', smallDisk], { encoding: 'utf8' })).toBe('out.csv\n');
    });
  });

  it('or a limit to the size of files (ulimit -f): what was written before opens whole', ({ skip }) => {
    const limitTo = (bytes: string): boolean =>
      spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]).status === 0;
    if (!limitTo('unlimited')) skip('needs prlimit of util-linux');
    const path = join(temporaryFolder(), 'limited.corescope');
    // Of this process, and taken back before anybody else can write.
    expect(limitTo('131072')).toBe(true);
    try {
      recordTooMuch(path, 'the file has become too large');
    } finally {
      limitTo('unlimited');
    }
  });
});

describe('permission', () => {
  /** Runs as a user who is nobody: to root nothing is forbidden. */
  function asNobody<Value>(work: () => Value): Value {
    if (process.getuid?.() !== 0) return work();
    process.seteuid?.(65_534);
    try {
      return work();
    } finally {
      process.seteuid?.(0);
    }
  }

  /** A folder that the user of `asNobody` may enter, and not write to. */
  function readOnlyFolder(): string {
    const folder = temporaryFolder();
    if (process.getuid?.() === 0) chownSync(folder, 65_534, 65_534);
    chmodSync(folder, 0o500);
    return folder;
  }

  function create(path: string): Result<void> {
    const created = createRecorder({
      path,
      facts: { corescopeVersion: '0', title: 't', startedUnixMs: 1, requestedEveryMs: 100 },
      clock: { nowMs: () => 0 },
      startTimer: () => () => undefined,
    });
    if (created.ok) created.value.close();
    return created.ok ? succeed(undefined) : created;
  }

  it('that is missing for a folder is a problem with advice', () => {
    const folder = readOnlyFolder();
    const refused = asNobody(() => create(join(folder, 'no.corescope')));
    expect(refused).toMatchObject({
      ok: false,
      problem: {
        kind: 'recording-not-written',
        advice: 'Change its permissions, or choose another path.',
      },
    });
    expect(refused.ok ? '' : refused.problem.message).toContain('permission was denied');
  });

  it('that is missing for a file: neither read nor given a note', () => {
    const path = join(temporaryFolder(), 'others.corescope');
    makeRecording(path, { ticks: 3 });
    chmodSync(path, 0o000);
    expect(asNobody(() => problemOf(openRecording(path)))).toBe('recording-not-read');
    const note = { type: 'note', atMs: 0, text: 'mine' } as const;
    expect(asNobody(() => appendEvents(path, [note]).ok)).toBe(false);
  });

  it('that is there is enough: the same folder, writable, takes a recording', () => {
    const folder = readOnlyFolder();
    chmodSync(folder, 0o700);
    mkdirSync(join(folder, 'mine'), { mode: 0o777 });
    if (process.getuid?.() === 0) chownSync(join(folder, 'mine'), 65_534, 65_534);
    expect(asNobody(() => create(join(folder, 'mine', 'yes.corescope')))).toEqual({
      ok: true,
      value: undefined,
    });
  });

  it('does not matter for a folder that is not there, also for root', () => {
    expect(create(join(temporaryFolder(), 'missing', 'no.corescope'))).toMatchObject({
      ok: false,
      problem: { advice: 'Check the path.' },
    });
  });
});
