import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCpuClock } from '../../../../../src/engine/sampler/linux/cpu-clock.ts';
import { readPageSize } from '../../../../../src/engine/sampler/linux/page-size.ts';
import {
  createNativeReader,
  type NativeReader,
  type NativeReaderOptions,
} from '../../../../../src/engine/sampler/linux/reader.ts';
import type { ProcessFacts, ProcessUse } from '../../../../../src/engine/sampler/system-reader.ts';
import { createRealTree, type RealTree } from '../support/real-tree.ts';

/** The reader on real processes, one tick at a time. Programs used: sh, sleep, node and, where it is there, python3. */

let real: RealTree;
let readers: NativeReader[] = [];
beforeEach(() => {
  real = createRealTree();
});
afterEach(async () => {
  for (const reader of readers) reader.close();
  readers = [];
  await real.end();
});

interface Stepped {
  readonly reader: NativeReader;
  /** One reading, `afterMs` after the last by the reader's clock. */
  readonly tick: (
    seeds: readonly number[],
    afterMs?: number,
  ) => { readonly facts: readonly ProcessFacts[]; readonly uses: ReadonlyMap<number, ProcessUse> };
}

function createStepped(options: Partial<NativeReaderOptions> = {}): Stepped {
  let now = 0;
  const reader = createNativeReader({ nowMs: () => now, ...options });
  readers.push(reader);
  return {
    reader,
    tick(seeds, afterMs = 100) {
      now += afterMs;
      reader.readCoreTimes();
      const facts = reader.readProcesses(seeds);
      const uses = reader.readUse(seeds);
      if (facts instanceof Promise || uses instanceof Promise) throw new Error('the answer is there at once');
      return { facts, uses };
    },
  };
}

/** How many files of this process are below a folder: of processes, for `/proc/`. */
function filesOf(folder: string): number {
  const pathOf = (descriptor: string): string => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return '';
    }
  };
  return readdirSync('/proc/self/fd').filter((descriptor) => pathOf(descriptor).startsWith(folder)).length;
}

const hasLastPid = ((): boolean => {
  try {
    const path = '/proc/sys/kernel/ns_last_pid';
    writeFileSync(path, readFileSync(path));
    return true;
  } catch {
    return false;
  }
})();
const hasPython = ['/usr/bin/python3', '/usr/local/bin/python3'].some((path) => {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
});

/** With the clocks where they load, and without them in any case. */
const sources: readonly (readonly [string, Partial<NativeReaderOptions>])[] = [
  ...(loadCpuClock() === null ? [] : [['CPU clocks', {}] as const]),
  ['files only', { cpuClock: null }],
];

describe.runIf(process.platform === 'linux').each(sources)(
  'the native reader with %s',
  { timeout: 30_000 },
  (_name, options) => {
    it('gives the same answer again while nothing changes, and another when something ends', async () => {
      const shell = real.start('sh', ['-c', 'sleep 1000 & echo up; wait']);
      await once(shell.stdout ?? shell, 'data');
      // The shell goes on before its child has become another program, which would be a change.
      const child = readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, 'utf8').trim();
      await expect.poll(() => readFileSync(`/proc/${child}/comm`, 'utf8')).toBe('sleep\n');
      const { tick } = createStepped(options);
      const seeds = [shell.pid];
      const { facts } = tick(seeds);
      expect(facts.map(({ parentPid }) => parentPid)).toEqual([process.pid, shell.pid]);
      expect(tick(seeds).facts).toBe(facts);
      process.kill(facts[1]?.pid ?? 0, 'SIGKILL');
      await once(shell, 'exit');
      expect(tick(seeds, 2000).facts).toEqual([]);
    });

    it('reads the CPU of a process that burns, and the memory that the kernel tells', async () => {
      const burner = real.start('sh', ['-c', 'echo up; while :; do :; done']);
      await once(burner.stdout ?? burner, 'data');
      const { tick } = createStepped(options);
      const startMs = tick([burner.pid]).uses.get(burner.pid)?.cpuMs ?? Number.NaN;
      await delay(300);
      burner.kill('SIGSTOP');
      await delay(50);
      const use = tick([burner.pid]).uses.get(burner.pid);
      expect((use?.cpuMs ?? 0) - startMs).toBeGreaterThan(0);
      const nanoseconds = readFileSync(`/proc/${burner.pid}/schedstat`, 'utf8').split(' ')[0];
      expect(use?.cpuMs).toBe(Number(nanoseconds) / 1e6);
      const pages = readFileSync(`/proc/${burner.pid}/statm`, 'utf8').split(' ')[1];
      expect(use?.rssBytes).toBe(Number(pages) * readPageSize());
    });

    it('is not misled by names with brackets and line ends', async () => {
      const shell = real.start('sh', [
        '-c',
        "printf 'a) R 1 (\\n' > /proc/$$/comm; echo up; sleep 1000 & wait",
      ]);
      await once(shell.stdout ?? shell, 'data');
      await delay(50);
      const { facts } = createStepped(options).tick([shell.pid]);
      expect(facts.map(({ pid, parentPid }) => [pid === shell.pid, parentPid])).toEqual([
        [true, process.pid],
        [false, shell.pid],
      ]);
    });

    it('keeps a zombie until it is waited for', async () => {
      const shell = real.start('sh', ['-c', 'sleep 0.05 & exec sleep 1000']);
      const { tick } = createStepped(options);
      await delay(200);
      const { facts, uses } = tick([shell.pid]);
      expect(facts).toHaveLength(2);
      const zombie = facts.find(({ pid }) => pid !== shell.pid)?.pid ?? 0;
      expect(readFileSync(`/proc/${zombie}/stat`, 'utf8')).toContain(') Z ');
      expect(uses.get(zombie)).toMatchObject({ rssBytes: 0 });
    });

    it.runIf(hasPython)('sees CPU and memory of threads whose main thread has ended', async () => {
      const script = `
import ctypes, threading, time
def burn():
    time.sleep(0.3)
    print('up', flush=True)
    while True: pass
threading.Thread(target=burn).start()
ctypes.CDLL(None).pthread_exit(None)`;
      const python = real.start('python3', ['-c', script]);
      await once(python.stdout ?? python, 'data');
      const { reader, tick } = createStepped(options);
      const startMs = tick([python.pid]).uses.get(python.pid)?.cpuMs ?? Number.NaN;
      await delay(300);
      const use = tick([python.pid], 1500).uses.get(python.pid);
      expect((use?.cpuMs ?? 0) - startMs).toBeGreaterThan(20);
      expect(use?.rssBytes).toBeGreaterThan(1e6);
      expect(reader.readPssBytes(python.pid)).toBeGreaterThan(1e6);
    });

    it('finds a child of another thread than the main one', async () => {
      const script = "require('node:child_process').spawn('sleep', ['1000']); console.log('up')";
      const worker = `new (require('node:worker_threads').Worker)(${JSON.stringify(script)}, { eval: true })`;
      const node = real.start(process.execPath, ['-e', worker]);
      const { tick } = createStepped(options);
      tick([node.pid]);
      await once(node.stdout ?? node, 'data');
      await delay(50);
      expect(tick([node.pid]).facts.map(({ parentPid }) => parentPid)).toEqual([process.pid, node.pid]);
    });

    it('finds the same where the kernel does not list children', async () => {
      const shell = real.start('sh', [
        '-c',
        'sh -c "sleep 1000 & wait" & sleep 2000 & sleep 0.1; echo up; wait',
      ]);
      await once(shell.stdout ?? shell, 'data');
      const pidsOf = (hasChildrenFiles: boolean): number[] =>
        createStepped({ ...options, hasChildrenFiles })
          .tick([shell.pid])
          .facts.map(({ pid }) => pid)
          .sort((left, right) => left - right);
      expect(pidsOf(true)).toHaveLength(4);
      expect(pidsOf(false)).toEqual(pidsOf(true));
    });

    it('passes over a process that is born and ends between two readings', async () => {
      const script = 'echo up; sleep 0.2; sleep 0.01; echo done; exec sleep 1000';
      const shell = real.start('sh', ['-c', script]);
      await once(shell.stdout ?? shell, 'data');
      await delay(50);
      const { tick } = createStepped(options);
      const seeds = [shell.pid];
      expect(tick(seeds).facts).toHaveLength(2);
      await once(shell.stdout ?? shell, 'data');
      expect(tick(seeds, 2000).facts.map(({ pid }) => pid)).toEqual([shell.pid]);
    });

    it.runIf(hasLastPid)(
      'takes the next bearer of a pid for another process, files held open or not',
      async () => {
        const first = real.start('sh', [
          '-c',
          'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo up; read line',
        ]);
        await once(first.stdout ?? first, 'data');
        const { tick } = createStepped(options);
        const { pid } = first;
        const seeds = [pid];
        const startMark = tick(seeds).facts[0]?.startMark ?? Number.NaN;
        const cpuMs = tick(seeds).uses.get(pid)?.cpuMs ?? Number.NaN;
        first.kill('SIGKILL');
        await once(first, 'exit');
        let second = 0;
        for (let attempt = 0; attempt < 200 && second !== pid; attempt += 1) {
          writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
          second = real.start('sleep', ['1000']).pid;
        }
        if (second !== pid) return;
        await delay(30);
        const after = tick(seeds);
        expect(after.facts).toHaveLength(1);
        expect(after.facts[0]?.pid).toBe(pid);
        expect(after.facts[0]?.startMark).toBeGreaterThan(startMark);
        // Its own CPU from its own beginning, at once: pidusage was blind for 2 s here.
        expect(after.uses.get(pid)?.cpuMs).toBeLessThan(cpuMs);
        expect(after.uses.get(pid)?.rssBytes).toBeGreaterThan(100_000);
      },
    );

    it('leaves no file open of 500 children that lived for a moment', async () => {
      // They are ended by a signal to their parent, so that exactly what was there before is there after.
      const script =
        'echo up; i=0; while [ $i -lt 500 ]; do sleep 0.01 & i=$((i+1)); [ $((i%20)) = 0 ] && wait; done; wait; echo done; exec sleep 1000';
      const { reader, tick } = createStepped(options);
      const shell = real.start('sh', ['-c', script]);
      await once(shell.stdout ?? shell, 'data');
      const seeds = [shell.pid];
      tick(seeds);
      const seen = new Set<number>();
      const state = { isDone: false };
      shell.stdout?.once('data', () => (state.isDone = true));
      for (let since = 0; !state.isDone; since += 1) {
        for (const { pid } of tick(seeds).facts) seen.add(pid);
        // Mostly apart, so that some are missed; at times together, so that files fail while they are held.
        await delay(since % 3 === 0 ? 0 : 5);
      }
      await delay(50);
      expect(tick(seeds, 2000).facts).toHaveLength(1);
      // Once more, and it is idle.
      tick(seeds, 2000);
      expect(seen.size).toBeGreaterThan(20);
      const fresh = createStepped(options);
      fresh.tick(seeds);
      fresh.tick(seeds, 2000);
      // The waits of a process that has just run are kept open, and those of an idle one are not.
      expect(reader.heldFileCount - fresh.reader.heldFileCount).toBeLessThanOrEqual(1);
      expect(filesOf('/proc/')).toBe(reader.heldFileCount + fresh.reader.heldFileCount);
      reader.close();
      fresh.reader.close();
      expect(filesOf('/proc/')).toBe(0);
    });

    it('needs few files for three hundred processes', async () => {
      const script = 'i=0; while [ $i -lt 300 ]; do sleep 1000 & i=$((i+1)); done; echo up; wait';
      const shell = real.start('sh', ['-c', script]);
      await once(shell.stdout ?? shell, 'data');
      const { reader, tick } = createStepped({ ...options, capacity: 64 });
      const seeds = [shell.pid];
      for (let index = 0; index < 3; index += 1) {
        const { facts, uses } = tick(seeds);
        expect(facts).toHaveLength(301);
        expect([...uses.values()].filter(({ cpuMs, rssBytes }) => cpuMs >= 0 && rssBytes > 0)).toHaveLength(
          301,
        );
        expect(reader.heldFileCount).toBeLessThanOrEqual(64);
      }
    });
  },
);

describe.runIf(process.platform === 'linux')('the native reader', () => {
  it('says where its figures come from', async () => {
    const sleeper = real.start('sleep', ['1000']);
    const node = real.start(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)']);
    await once(node.stdout ?? node, 'data');
    const sourcesOf = (options: Partial<NativeReaderOptions>): unknown[] => {
      const { reader, tick } = createStepped(options);
      tick([sleeper.pid, node.pid]);
      return [sleeper.pid, node.pid, 1].map((pid) => reader.cpuSourceOf(pid));
    };
    expect(sourcesOf({ cpuClock: { readNs: () => 1 } })).toEqual(['process-clock', 'process-clock', null]);
    expect(sourcesOf({ cpuClock: null })).toEqual(['schedstat', 'stat', null]);
  });

  it('counts memory in the pages of the machine', () => {
    // Of this process: one that has just been started grows between two readings.
    const rssOf = (pageBytes: number): number =>
      createStepped({ pageBytes }).tick([process.pid]).uses.get(process.pid)?.rssBytes ?? Number.NaN;
    expect(rssOf(65_536) / rssOf(4096)).toBeCloseTo(16, 0);
    expect(rssOf(Number.NaN)).toBeNaN();
  });

  it('does not know a pid that nobody has, and goes on', () => {
    const { tick } = createStepped();
    const { facts } = tick([2 ** 22 + 5, process.pid]);
    expect(facts.map(({ pid }) => pid)).toContain(process.pid);
    expect(facts.map(({ pid }) => pid)).not.toContain(2 ** 22 + 5);
  });
});
