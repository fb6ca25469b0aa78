import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCgroupClock } from '../../../../../src/engine/sampler/linux/cgroup-clock.ts';
import {
  createHeldFiles,
  type FileCalls,
  systemCalls,
} from '../../../../../src/engine/sampler/linux/held-files.ts';
import {
  createNativeReader,
  type NativeReaderOptions,
} from '../../../../../src/engine/sampler/linux/reader.ts';
import type { ProcessUse, SystemReader } from '../../../../../src/engine/sampler/system-reader.ts';
import { createRealTree, type RealTree } from '../support/real-tree.ts';

/** What the reader tells of a process and its threads beside CPU and memory, on real processes: sh, sleep and node. */

let real: RealTree;
let readers: SystemReader[] = [];
beforeEach(() => {
  real = createRealTree();
});
afterEach(async () => {
  for (const reader of readers) reader.close?.();
  readers = [];
  await real.end();
});

interface Stepped {
  readonly reader: SystemReader;
  readonly tick: (pid: number, afterMs?: number) => ProcessUse | undefined;
}

function createStepped(options: Partial<NativeReaderOptions> = {}): Stepped {
  let now = 0;
  const reader = createNativeReader({ nowMs: () => now, ...options });
  readers.push(reader);
  return {
    reader,
    tick(pid, afterMs = 100) {
      now += afterMs;
      reader.readCoreTimes();
      void reader.readProcesses([pid]);
      const uses = reader.readUse([pid]);
      if (uses instanceof Promise) throw new Error('the answer is there at once');
      return uses.get(pid);
    },
  };
}

/** Some work, then a stop: nothing moves while it is compared. */
async function startStopped(script: string): Promise<number> {
  const shell = real.start('sh', ['-c', script]);
  await once(shell.stdout ?? shell, 'data');
  shell.kill('SIGSTOP');
  await delay(50);
  return shell.pid;
}

/** The number behind a label of a file of /proc. */
function told(path: string, label: string): number {
  const number = new RegExp(`^${label}\\s*:\\s*(\\d+)`, 'm').exec(readFileSync(path, 'utf8'))?.[1];
  return Number(number ?? Number.NaN);
}

describe.runIf(process.platform === 'linux')('the details of a process', { timeout: 30_000 }, () => {
  const busy = 'i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; (exit 0); echo up; while :; do :; done';

  it('are what the kernel tells', async () => {
    const pid = await startStopped(busy);
    const { tick } = createStepped();
    tick(pid);
    const details = tick(pid, 1500)?.details;
    const folder = `/proc/${pid}`;
    const stat = readFileSync(`${folder}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? [];
    const field = (number: number): number => stat[number - 3] ?? Number.NaN;
    expect(details).toMatchObject({
      readAtMs: 1600,
      state: 'T'.charCodeAt(0),
      userMs: field(14) * 10,
      systemMs: field(15) * 10,
      waitedForMs: (field(16) + field(17)) * 10,
      threadCount: 1,
      minorFaults: field(10),
      majorFaults: field(12),
      peakRssBytes: told(`${folder}/status`, 'VmHWM') * 1024,
      voluntarySwitches: told(`${folder}/status`, 'voluntary_ctxt_switches'),
      involuntarySwitches: told(`${folder}/status`, 'nonvoluntary_ctxt_switches'),
      readBytes: told(`${folder}/io`, 'read_bytes'),
      writtenBytes: told(`${folder}/io`, 'write_bytes'),
      openFiles: readdirSync(`${folder}/fd`).length,
    });
  });

  it('tell the core and the wait of a process with one thread', async () => {
    const pid = await startStopped(busy);
    const { tick } = createStepped();
    tick(pid);
    const use = tick(pid, 1500);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    expect(use?.lastCore).toBe(Number(stat[39 - 3]));
    const waitNs = Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]);
    expect(use?.waitMs).toBe(waitNs / 1e6);
    expect(use?.waitReadAtMs).toBe(1600);
    // Who does not run does not wait: known without another reading.
    expect(tick(pid)).toMatchObject({ waitMs: waitNs / 1e6, waitReadAtMs: 1700 });
  });

  it('add up what the threads of a process have waited and how often they were switched', async () => {
    const node = real.start(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)']);
    await once(node.stdout ?? node, 'data');
    node.kill('SIGSTOP');
    await delay(50);
    const { reader, tick } = createStepped();
    tick(node.pid);
    const use = tick(node.pid, 1500);
    const tids = readdirSync(`/proc/${node.pid}/task`).map(Number);
    const sum = (numberOf: (folder: string) => number): number =>
      tids.reduce((total, tid) => total + numberOf(`/proc/${node.pid}/task/${tid}`), 0);
    const waitNs = sum((folder) => Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[1]));
    expect(use?.waitMs).toBeCloseTo(waitNs / 1e6, 6);
    expect(use?.details).toMatchObject({
      threadCount: tids.length,
      voluntarySwitches: sum((folder) => told(`${folder}/status`, 'voluntary_ctxt_switches')),
      involuntarySwitches: sum((folder) => told(`${folder}/status`, 'nonvoluntary_ctxt_switches')),
    });
    expect(reader.listThreads?.(node.pid)).toEqual(tids);
    const main = reader.readThread(node.pid, node.pid);
    const stat = readFileSync(`/proc/${node.pid}/task/${node.pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
    // Of the process as of its first thread; stopped, it stays where it was.
    expect(use?.lastCore).toBe(Number(stat?.[39 - 3]));
    expect(main).toMatchObject({ lastCore: Number(stat?.[39 - 3]), details: { state: 'T'.charCodeAt(0) } });
    expect(reader.readThread(node.pid, 2 ** 22 + 5)).toBeNull();
  });

  it('are taken from status, and migrations from changes of core, where the kernel has no sched files', async () => {
    const pid = await startStopped(busy);
    const { tick } = createStepped({ counters: { hasSched: false } });
    tick(pid);
    expect(tick(pid, 1500)?.details).toMatchObject({
      voluntarySwitches: told(`/proc/${pid}/status`, 'voluntary_ctxt_switches'),
      involuntarySwitches: told(`/proc/${pid}/status`, 'nonvoluntary_ctxt_switches'),
      migrations: 0,
    });
  });

  it('are read again only of who has run', async () => {
    const pid = await startStopped(busy);
    let peakReadings = 0;
    const { tick } = createStepped({
      counters: {
        countOpenFiles() {
          peakReadings += 1;
          return 7;
        },
      },
    });
    for (let count = 0; count < 5; count += 1) tick(pid, 15_000);
    expect(peakReadings).toBe(1);
    const details = tick(pid, 15_000)?.details;
    expect(details?.openFiles).toBe(7);
    // The whole stat is, every half minute, and which half minute depends on the pid.
    expect(details?.readAtMs).toBeGreaterThan(90_000 - 30_000);
  });

  it('are unknown where the files may not be read, and the process stays', async () => {
    const pid = await startStopped(busy);
    const fail = (path: string): number => {
      throw Object.assign(new Error(`EACCES: permission denied, open '${path}'`), { code: 'EACCES' });
    };
    const calls: FileCalls = {
      ...systemCalls,
      open: (path) =>
        /\/(?:io|status|sched)$/.test(path) && !path.includes('/self/') ? fail(path) : systemCalls.open(path),
    };
    const { tick } = createStepped({ calls, counters: { countOpenFiles: () => Number.NaN } });
    tick(pid);
    const use = tick(pid, 1500);
    expect(use?.cpuMs).toBeGreaterThan(0);
    expect(use?.details).toMatchObject({
      threadCount: 1,
      peakRssBytes: Number.NaN,
      voluntarySwitches: Number.NaN,
      readBytes: Number.NaN,
      writtenBytes: Number.NaN,
      openFiles: Number.NaN,
    });
  });
});

describe('the CPU time of a control group', () => {
  it('is read from either version of the interface', () => {
    const folder = mkdtempSync(join(tmpdir(), 'corescope-cgroup-'));
    try {
      const first = join(folder, 'cpuacct.usage');
      const second = join(folder, 'cpu.stat');
      writeFileSync(first, '1234567890\n');
      writeFileSync(second, 'usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n');
      const files = createHeldFiles();
      const clock = createCgroupClock(files);
      expect([clock.readMs(first), clock.readMs(second)]).toEqual([1234.56789, 2500]);
      expect(clock.readMs(join(folder, 'none'))).toBeNaN();
      writeFileSync(second, 'usage_usec 2600000\n');
      expect(clock.readMs(second)).toBe(2600);
      files.closeAll();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
