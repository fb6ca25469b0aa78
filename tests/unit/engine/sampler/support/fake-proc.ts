import type { FileCalls } from '../../../../../src/engine/sampler/linux/held-files.ts';

export interface FakeProcess {
  readonly pid: number;
  parentPid: number;
  readonly startTicks: number;
  cpuNs: number;
  /** Ticks of 10 ms. */
  waitedForTicks: number;
  /** Its files are closed to us, as with hidepid. */
  isHidden: boolean;
}

/** A /proc without a machine: processes of one thread each, as many as one likes. */
export interface FakeProc {
  readonly calls: FileCalls;
  readonly processes: ReadonlyMap<number, FakeProcess>;
  forks: number;
  readonly openCount: number;
  start(pid: number, parentPid: number): FakeProcess;
  end(pid: number): void;
  /** Gives it another parent. */
  adopt(pid: number, parentPid: number): void;
  /** How often each file was read, by its path. */
  readonly readCounts: ReadonlyMap<string, number>;
  /** NaN where there is none, as the process clock. */
  readonly readNs: (pid: number) => number;
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

export function createFakeProc(): FakeProc {
  const processes = new Map<number, FakeProcess>();
  const children = new Map<number, Set<number>>();
  const openFiles = new Map<number, { readonly path: string; readonly process: FakeProcess | undefined }>();
  const readCounts = new Map<string, number>();
  let lastDescriptor = 2;
  let started = 0;

  function processOf(path: string): FakeProcess | undefined {
    return processes.get(Number(path.split('/')[2]));
  }

  function contentOf(path: string, process: FakeProcess | undefined): string {
    if (path === '/proc/stat') return `cpu0 1 0 1 5 0 0 0 0 0 0\nprocesses ${proc.forks}\n`;
    if (path === '/proc/self/statm') return '1000 100 0 0 0 0 0\n';
    if (process === undefined) throw failure('ENOENT');
    const { pid, parentPid, cpuNs, waitedForTicks, startTicks } = process;
    const ticks = Math.floor(cpuNs / 1e7);
    switch (path.split('/').at(-1)) {
      case 'stat': {
        const tail = Array.from({ length: 16 }, () => 0).join(' ');
        return `${pid} (fake) S ${parentPid} 1 1 0 -1 0 1 0 2 0 ${ticks} 0 ${waitedForTicks} 0 20 0 1 0 ${startTicks} ${tail} 1 0\n`;
      }
      case 'statm':
        return '1000 100 0 0 0 0 0\n';
      case 'schedstat':
        return `${cpuNs} 5000000 1\n`;
      case 'children':
        return [...(children.get(pid) ?? [])].map((child) => `${child} `).join('');
      case 'status':
        return 'VmHWM:\t400 kB\n';
      default:
        throw failure('ENOENT');
    }
  }

  const proc = {
    processes,
    readCounts,
    forks: 1,
    get openCount() {
      return openFiles.size;
    },
    start(pid: number, parentPid: number): FakeProcess {
      started += 1;
      const process = {
        pid,
        parentPid,
        startTicks: started,
        cpuNs: 0,
        waitedForTicks: 0,
        isHidden: false,
      };
      processes.set(pid, process);
      const siblings = children.get(parentPid) ?? new Set();
      children.set(parentPid, siblings.add(pid));
      proc.forks += 1;
      return process;
    },
    end(pid: number): void {
      const process = processes.get(pid);
      if (process !== undefined) children.get(process.parentPid)?.delete(pid);
      processes.delete(pid);
    },
    adopt(pid: number, parentPid: number): void {
      const process = processes.get(pid);
      if (process === undefined) throw new Error(`there is no process ${pid}`);
      children.get(process.parentPid)?.delete(pid);
      process.parentPid = parentPid;
      const siblings = children.get(parentPid) ?? new Set();
      children.set(parentPid, siblings.add(pid));
    },
    readNs: (pid: number): number => processes.get(pid)?.cpuNs ?? Number.NaN,
    calls: {
      open(path: string): number {
        const process = processOf(path);
        contentOf(path, process);
        if (process?.isHidden === true) throw failure('ENOENT');
        openFiles.set(++lastDescriptor, { path, process });
        return lastDescriptor;
      },
      read(descriptor: number, buffer: Buffer, offset: number, position: number): number {
        const file = openFiles.get(descriptor);
        if (file === undefined) throw failure('EBADF');
        const { path, process } = file;
        if (position === 0) readCounts.set(path, (readCounts.get(path) ?? 0) + 1);
        if (process !== undefined && processes.get(process.pid) !== process) throw failure('ESRCH');
        if (process?.isHidden === true) throw failure('EACCES');
        // No more than a page at a time, as the kernel gives it.
        return buffer.write(contentOf(path, process).slice(position, position + 4000), offset);
      },
      close(descriptor: number): void {
        if (!openFiles.delete(descriptor)) throw failure('EBADF');
      },
      list(path: string): readonly string[] {
        const process = processOf(path);
        if (process === undefined || !path.endsWith('/task')) throw failure('ENOENT');
        return [String(process.pid)];
      },
    },
  } satisfies FakeProc;
  return proc;
}
