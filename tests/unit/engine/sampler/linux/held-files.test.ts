import { describe, expect, it } from 'vitest';
import {
  chooseCapacity,
  createHeldFiles,
  createSystemCalls,
  parseDescriptorLimit,
  type FileCalls,
  systemCalls,
} from '../../../../../src/engine/sampler/linux/held-files.ts';

interface FakeFiles extends FileCalls {
  /** What stands at a path; a file that was opened keeps what it was opened on. */
  readonly contents: Map<string, string>;
  /** Contents whose process has ended. */
  readonly ended: Set<string>;
  readonly open: (path: string) => number;
  openFiles: Map<number, string>;
  most: number;
  opens: number;
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function createFakeFiles(): FakeFiles {
  let lastDescriptor = 2;
  const fake: FakeFiles = {
    contents: new Map(),
    ended: new Set(),
    openFiles: new Map(),
    most: Number.POSITIVE_INFINITY,
    opens: 0,
    open(path) {
      const content = fake.contents.get(path);
      if (content === undefined) throw failure('ENOENT');
      if (fake.openFiles.size >= fake.most) throw failure('EMFILE');
      fake.opens += 1;
      fake.openFiles.set(++lastDescriptor, content);
      return lastDescriptor;
    },
    read(descriptor, buffer, offset, position) {
      const content = fake.openFiles.get(descriptor);
      if (content === undefined) throw failure('EBADF');
      if (fake.ended.has(content)) throw failure('ESRCH');
      // No more than a page at a time, as the kernel gives it.
      return buffer.write(content.slice(position, position + 4000), offset);
    },
    close(descriptor) {
      if (!fake.openFiles.delete(descriptor)) throw failure('EBADF');
    },
    list(path) {
      if (path !== '/proc') throw failure('ENOENT');
      return ['1', 'self', '20', 'cpuinfo'];
    },
  };
  return fake;
}

describe('held files', () => {
  function readText(files: ReturnType<typeof createHeldFiles>, length: number): string {
    return files.bytes.toString('utf8', 0, length);
  }

  it('are opened once and read from the beginning each time', () => {
    const calls = createFakeFiles();
    calls.contents.set('/a', 'first');
    const files = createHeldFiles({ calls, capacity: 8 });
    const file = files.create('/a');
    expect(calls.opens).toBe(0);
    expect(readText(files, files.read(file))).toBe('first');
    expect(readText(files, files.read(file))).toBe('first');
    expect([calls.opens, files.openCount]).toEqual([1, 1]);
    files.close(file);
    files.close(file);
    expect(calls.openFiles.size).toBe(0);
  });

  it('are read whole, whatever their length', () => {
    const calls = createFakeFiles();
    const files = createHeldFiles({ calls, capacity: 8 });
    for (const length of [0, 3071, 3072, 4000, 4001, 64 * 1024, 200_000]) {
      const text = 'x'.repeat(Math.max(0, length - 1)) + (length > 0 ? 'y' : '');
      calls.contents.set(`/${length}`, text);
      expect(readText(files, files.read(files.create(`/${length}`)))).toBe(text);
    }
  });

  it('are closed when their process has ended, and open what has the path next', () => {
    const calls = createFakeFiles();
    calls.contents.set('/a', 'old');
    const files = createHeldFiles({ calls, capacity: 8 });
    const file = files.create('/a');
    files.read(file);
    calls.ended.add('old');
    calls.contents.set('/a', 'new');
    expect(files.read(file)).toBe(-1);
    expect(calls.openFiles.size).toBe(0);
    expect(readText(files, files.read(file))).toBe('new');
    calls.contents.delete('/a');
    files.close(file);
    expect(files.read(file)).toBe(-1);
    expect([calls.openFiles.size, files.openCount]).toEqual([0, 0]);
  });

  it('say the same with calls of the C library as with those of Node, a failure too', () => {
    const failing: FileCalls = { ...systemCalls, read: () => -1 };
    const withFailure = createHeldFiles({ calls: failing });
    expect(withFailure.read(withFailure.create('/proc/self/stat'))).toBe(-1);
    expect(withFailure.openCount).toBe(0);
    for (const path of ['/proc/cpuinfo', '/proc/self/limits', '/proc/sys/kernel/ostype', '/proc/self/mem']) {
      const [native, portable] = [createSystemCalls(), systemCalls].map((calls) => {
        const files = createHeldFiles({ calls });
        const text = readText(files, files.read(files.create(path)));
        files.closeAll();
        return text;
      });
      expect(native).toBe(portable);
    }
    expect(createSystemCalls(null)).toBe(systemCalls);
  });

  it('hold no more than they may: the rest is opened and closed around its reading', () => {
    const calls = createFakeFiles();
    const files = createHeldFiles({ calls, capacity: 3 });
    const all = ['/a', '/b', '/c', '/d', '/e'].map((path) => {
      calls.contents.set(path, path);
      return files.create(path);
    });
    for (let turn = 0; turn < 3; turn += 1) {
      files.beginTurn();
      for (const file of all) expect(readText(files, files.read(file))).toBe(file.path);
      expect(calls.openFiles.size).toBe(3);
    }
    // Three stay open; the other two are opened in each of three turns.
    expect(calls.opens).toBe(3 + 2 * 3);
  });

  it('give the place of one that nobody reads any more to one that is read', () => {
    const calls = createFakeFiles();
    const files = createHeldFiles({ calls, capacity: 1 });
    const [idle, used] = ['/idle', '/used'].map((path) => {
      calls.contents.set(path, path);
      return files.create(path);
    });
    if (idle === undefined || used === undefined) throw new Error('two were made');
    files.read(idle);
    for (let turn = 0; turn < 25; turn += 1) {
      files.beginTurn();
      files.read(used);
    }
    expect([idle.descriptor, used.descriptor >= 0]).toEqual([-1, true]);
    expect(files.openCount).toBe(1);
  });

  it('give way when the program has no descriptors left', () => {
    const calls = createFakeFiles();
    calls.most = 10;
    const files = createHeldFiles({ calls, capacity: 100 });
    const all = Array.from({ length: 40 }, (_, index) => {
      calls.contents.set(`/${index}`, `file ${index}`);
      return files.create(`/${index}`);
    });
    for (let turn = 0; turn < 2; turn += 1) {
      for (const [index, file] of all.entries())
        expect(readText(files, files.read(file))).toBe(`file ${index}`);
    }
    expect(files.openCount).toBeLessThanOrEqual(5);
    files.closeAll();
    expect([calls.openFiles.size, files.openCount]).toEqual([0, 0]);
  });
});

describe('how many files may be held', () => {
  const limits = (soft: string): string =>
    'Limit                     Soft Limit           Hard Limit           Units     \n' +
    'Max processes             31500                31500                processes \n' +
    `Max open files            ${soft.padEnd(21)}1048576              files     \n`;

  it('is a quarter of the limit, within reason', () => {
    expect(parseDescriptorLimit(limits('1024'))).toBe(1024);
    expect(chooseCapacity(1024)).toBe(256);
    expect(chooseCapacity(parseDescriptorLimit(limits('unlimited')))).toBe(4096);
    expect(chooseCapacity(parseDescriptorLimit(''))).toBe(64);
    expect(chooseCapacity(10)).toBe(8);
  });

  it('are listed where their names are numbers, and none where the folder cannot be read', () => {
    const files = createHeldFiles({ calls: createFakeFiles() });
    expect(files.listNumbers('/proc')).toEqual([1, 20]);
    expect(files.listNumbers('/proc/7/task')).toEqual([]);
  });
});
