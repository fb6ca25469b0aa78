import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type { ListedProcess } from '../../shared/watch-requests.ts';
import { createDescriptions } from '../sampler/linux/descriptions.ts';
import { readPageSize } from '../sampler/linux/page-size.ts';
import type { ProcessDescription } from '../sampler/system-reader.ts';
import { parseListedStat, type ListedStat } from './listed-stat.ts';

/**
 * Everything but kernel threads and what has ended. `isOwn` is false throughout: whose they are is for the caller to
 * say.
 */
export interface ProcessLister {
  list(): Promise<readonly ListedProcess[]>;
}

/** What is asked of Linux; tests inject their own. */
export interface ListedFiles {
  listPids(): readonly number[];
  /** Null where the process is gone. */
  readStat(pid: number): string | null;
  describe(pid: number): ProcessDescription | null;
  readonly pageBytes: number;
}

/** CPU over a longer time than this is not what a process is doing now. */
const longestSpanMs: Milliseconds = 15_000;

interface Known {
  readonly startMark: number;
  readonly kernelName: string;
  readonly description: ProcessDescription;
  cpuMs: Milliseconds;
  readAtMs: SessionMs;
}

export function createLinuxLister(files: ListedFiles, nowMs: () => SessionMs): ProcessLister {
  let known = new Map<number, Known>();

  function listOne(pid: number, next: Map<number, Known>): ListedProcess | null {
    const text = files.readStat(pid);
    const stat = text === null ? null : parseListedStat(text);
    if (stat === null || stat.isKernelThread || stat.state === 'Z' || stat.state === 'X') return null;
    const last = known.get(pid);
    const isSame = last?.startMark === stat.startTicks;
    // A process that replaces its program keeps its number and its start.
    const description = isSame && last.kernelName === stat.name ? last.description : files.describe(pid);
    if (description === null) return null;
    const readAtMs = nowMs();
    const spanMs = isSame ? readAtMs - last.readAtMs : Number.NaN;
    const cpuShare =
      isSame && spanMs > 0 && spanMs <= longestSpanMs ? (stat.cpuMs - last.cpuMs) / spanMs : Number.NaN;
    next.set(pid, {
      startMark: stat.startTicks,
      kernelName: stat.name,
      description,
      cpuMs: stat.cpuMs,
      readAtMs,
    });
    return listed(pid, stat, description, cpuShare);
  }

  function listed(
    pid: number,
    { parentPid, startTicks, rssPages }: ListedStat,
    description: ProcessDescription,
    cpuShare: number,
  ): ListedProcess {
    return {
      pid,
      parentPid,
      startMark: startTicks,
      ...description,
      cpuShare,
      rssBytes: rssPages * files.pageBytes,
      isOwn: false,
    };
  }

  return {
    list() {
      const next = new Map<number, Known>();
      const processes = files.listPids().flatMap((pid) => listOne(pid, next) ?? []);
      known = next;
      return Promise.resolve(processes);
    },
  };
}

function createSystemLister(): ProcessLister {
  return {
    async list() {
      const { default: systeminformation } = await import('systeminformation');
      const { list } = await systeminformation.processes();
      // `ps` counts in per cent of one core, Windows in per cent of the machine.
      const coresPerShare = process.platform === 'win32' ? os.availableParallelism() : 1;
      return list.map((each) => {
        const startMs = Date.parse(each.started);
        return {
          pid: each.pid,
          parentPid: each.parentPid,
          startMark: Number.isNaN(startMs) ? 0 : startMs,
          name: each.name,
          commandLine: [each.command, each.params].filter((part) => part !== '').join(' '),
          user: each.user === '' ? null : each.user,
          startedUnixMs: Number.isNaN(startMs) ? null : startMs,
          cpuShare: (each.cpu / 100) * coresPerShare,
          rssBytes: each.memRss * 1024,
          isOwn: false,
        };
      });
    },
  };
}

function linuxFiles(): ListedFiles {
  const { describe } = createDescriptions();
  return {
    listPids: () => readdirSync('/proc').map(Number).filter(Number.isSafeInteger),
    readStat(pid) {
      try {
        return readFileSync(`/proc/${pid}/stat`, 'utf8');
      } catch {
        return null;
      }
    },
    describe,
    pageBytes: readPageSize(),
  };
}

export function createProcessLister(nowMs: () => SessionMs): ProcessLister {
  return process.platform === 'linux' ? createLinuxLister(linuxFiles(), nowMs) : createSystemLister();
}
