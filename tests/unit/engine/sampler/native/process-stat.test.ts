import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeldFiles, type HeldFiles } from '../../../../../src/engine/sampler/linux/held-files.ts';
import {
  loadNativeLibrary,
  type NativeLibrary,
} from '../../../../../src/engine/sampler/linux/native-library.ts';
import { createStatFields, type StatFields } from '../../../../../src/engine/sampler/linux/proc-bytes.ts';
import { createStatReader, type StatReader } from '../../../../../src/engine/sampler/linux/process-stat.ts';
import { buildNativeLibrary, canBuildNativeLibrary } from '../support/native-build.ts';
import { statLine, statLineFields } from '../support/stat-line.ts';

/** `native/process-stat.c` beside the same in JavaScript, on files and on real processes. */

const badDescriptor = -9;

describe.skipIf(!canBuildNativeLibrary)('stat files read natively', () => {
  let folder: string;
  let path: string;
  let descriptor: number;
  let native: NativeLibrary;
  let files: HeldFiles;
  let readers: Record<'native' | 'javascript', StatReader>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'corescope-stat-'));
    path = join(folder, 'stat');
    descriptor = openSync(path, 'w+');
    const loaded = loadNativeLibrary(buildNativeLibrary(folder));
    if (!loaded.ok) throw new Error(loaded.problem.message);
    native = loaded.value;
    files = createHeldFiles({ capacity: 8 });
    readers = { native: createStatReader(files, native.readStat), javascript: createStatReader(files, null) };
  });

  afterAll(() => {
    files.closeAll();
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });

  function write(content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    ftruncateSync(descriptor, 0);
    writeSync(descriptor, bytes, 0, bytes.length, 0);
  }

  /** Null where it is refused. */
  function readBy(reader: StatReader, file: string = path): StatFields | null {
    const fields = createStatFields();
    const held = files.create(file);
    const isRead = reader.read(held, fields);
    files.close(held);
    return isRead ? fields : null;
  }

  function expectBothToSayTheSame(): void {
    expect(readBy(readers.native)).toEqual(readBy(readers.javascript));
  }

  const number = fc.oneof(fc.constant(0), fc.nat({ max: 1000 }), fc.maxSafeNat());
  const name = fc.string({ unit: 'binary', maxLength: 15 }).filter((text) => Buffer.byteLength(text) <= 15);
  const line = fc
    .tuple(
      number,
      name,
      fc.constantFrom('R', 'S', 'D', 'Z', 'T'),
      fc.array(number, { minLength: 19, maxLength: 49 }),
    )
    .map(([pid, comm, state, numbers]) => `${pid % 4_194_304} (${comm}) ${state} ${numbers.join(' ')}\n`);

  it('give what the parser in JavaScript gives, of any line', () => {
    fc.assert(
      fc.property(line, (text) => {
        write(text);
        expectBothToSayTheSame();
      }),
    );
  });

  it('are refused where they are cut or are something else, as in JavaScript', () => {
    fc.assert(
      fc.property(line, fc.nat(), (text, length) => {
        write(Buffer.from(text).subarray(0, length % (text.length + 1)));
        expectBothToSayTheSame();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        write(bytes);
        expectBothToSayTheSame();
      }),
    );
  });

  it('tell the fields of proc(5), whatever the program calls itself', () => {
    for (const name of ['node', 'a) R 1', '', ')))']) {
      write(statLine(name));
      expect(readBy(readers.native)).toMatchObject(statLineFields);
    }
  });

  it('are refused where they are longer than any stat file', () => {
    write(`1 (x) ${'S 1 '.repeat(2000)}`);
    expect(readBy(readers.native)).toBeNull();
  });

  it('of real processes say the same, and of one that has ended nothing', async () => {
    const sleeper: ChildProcess = spawn('sleep', ['60'], { stdio: 'ignore' });
    await once(sleeper, 'spawn');
    const ofSleeper = `/proc/${sleeper.pid}/stat`;
    // Stopped: nothing of it changes between the two readings.
    sleeper.kill('SIGSTOP');
    const held = files.create(ofSleeper);
    const fields = createStatFields();
    await expect.poll(() => readFileSync(ofSleeper, 'utf8')).toContain(') T ');
    expect(readBy(readers.native, ofSleeper)).toEqual(readBy(readers.javascript, ofSleeper));
    expect(readers.native.read(held, fields)).toBe(true);
    expect(fields).toMatchObject({ parentPid: process.pid, threadCount: 1, state: 'T'.charCodeAt(0) });
    sleeper.kill('SIGKILL');
    await once(sleeper, 'exit');
    expect(readers.native.read(held, fields)).toBe(false);
    expect(held.descriptor).toBe(-1);
  });

  it('fail with the number of what was wrong', () => {
    expect(native.readStat(-1, new Float64Array(11))).toBe(badDescriptor);
  });
});
