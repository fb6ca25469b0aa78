import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { cookieName, hasCookie } from './run-cookie.ts';

/** A process that belongs to a run. */
export interface RunProcess {
  readonly pid: number;
  /** When it started, in clock ticks since boot, as /proc writes it; null where the system does not tell. */
  readonly startTicks: string | null;
  /** Dead, but not yet collected by its parent: holds nothing but its number. */
  readonly isZombie: boolean;
}

/** By what the processes of a run are recognised. */
export interface RunTraces {
  /** Of the process group: the pid of the host. */
  readonly leaderPid: number;
  /** The value of `CORESCOPE_RUN` in the environment of all that the run starts. */
  readonly cookie: string;
  /** When the host started: nothing of the run is older, which spares most of a machine's environments a look. */
  readonly hostStartTicks: number | null;
  /** Those that are in its control group. */
  readonly inCgroup: readonly number[];
  /** Those that an earlier look has found. They may have lost their parents since. */
  readonly known: readonly RunProcess[];
}

export interface ProcessReader {
  /** Numbers of all processes; in no particular order. */
  listPids(): readonly number[];
  /** /proc/PID/stat; null where the process has gone. */
  readStat(pid: number): string | null;
  /** /proc/PID/environ; null where the process has gone, or is another user's. */
  readEnvironment(pid: number): Buffer | null;
}

const noBytes = Buffer.alloc(0);

/** Holds the first line of any stat; a longer environment is read in pieces of this size. */
const buffer = Buffer.alloc(65_536);

/** Three system calls where `readFileSync` makes five, and no exception's stack: there may be thousands to read. */
function readWhole(file: string): Buffer | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY);
  } catch {
    return null;
  }
  try {
    const first = readSync(descriptor, buffer);
    if (first < buffer.length) return buffer.subarray(0, first);
    const pieces = [Buffer.from(buffer)];
    for (let bytes = first; bytes > 0;) {
      bytes = readSync(descriptor, buffer);
      pieces.push(Buffer.from(buffer.subarray(0, bytes)));
    }
    return Buffer.concat(pieces);
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

/** What `readEnvironment` returns is overwritten by the next reading. */
export const procReader: ProcessReader = {
  listPids: () => readdirSync('/proc').map(Number).filter(Number.isInteger),
  readStat: (pid) => readWhole(`/proc/${pid}/stat`)?.toString('latin1') ?? null,
  readEnvironment: (pid) => readWhole(`/proc/${pid}/environ`),
};

/** When a process started, in clock ticks since boot; null where the system does not tell. */
export function readStartTicks(pid: number, reader: ProcessReader = procReader): number | null {
  if (process.platform !== 'linux') return null;
  const stat = reader.readStat(pid);
  const ticks = stat === null ? Number.NaN : Number(parseStat(pid, stat).startTicks ?? Number.NaN);
  return Number.isNaN(ticks) ? null : ticks;
}

/**
 * All processes of a run on Linux, by one pass over /proc: members of the host's process group and of the control
 * group, those that bear the run's cookie, and what descends from any of them.
 */
export function findOnLinux(run: RunTraces, reader: ProcessReader = procReader): readonly RunProcess[] {
  const known = new Map(run.known.map(({ pid, startTicks }) => [pid, startTicks]));
  const inCgroup = new Set(run.inCgroup);
  const found = new Map<number, RunProcess>();
  const childrenOf = new Map<number, RunProcess[]>();
  for (const pid of reader.listPids()) {
    const stat = reader.readStat(pid);
    if (stat === null) continue;
    const { parentPid, groupId, ...process } = parseStat(pid, stat);
    const siblings = childrenOf.get(parentPid);
    if (siblings === undefined) childrenOf.set(parentPid, [process]);
    else siblings.push(process);
    const isOurs =
      groupId === run.leaderPid ||
      inCgroup.has(pid) ||
      // The same number with another start is another process.
      known.get(pid) === process.startTicks ||
      // A zombie has no environment any more.
      (!process.isZombie &&
        Number(process.startTicks) >= (run.hostStartTicks ?? 0) &&
        hasCookie(reader.readEnvironment(pid) ?? noBytes, run.cookie));
    if (isOurs) found.set(pid, process);
  }
  // A Map's iteration reaches what is added meanwhile: children of children are found on the way.
  for (const pid of found.keys()) {
    for (const child of childrenOf.get(pid) ?? []) found.set(child.pid, child);
  }
  return [...found.values()];
}

/** `PID (NAME) STATE PPID PGRP …`, start time in field 22; the name may hold spaces and parentheses. */
function parseStat(pid: number, stat: string): RunProcess & { parentPid: number; groupId: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  return {
    pid,
    startTicks: fields[19] ?? null,
    isZombie: state === 'Z' || state === 'X',
    parentPid: Number(fields[1]),
    groupId: Number(fields[2]),
  };
}

const runProgram = promisify(execFile);

/**
 * The same on macOS, where `ps -E` shows the environment of the user's own processes behind their command line.
 * Processes that macOS protects (its own programs) show none.
 */
export async function findWithPs(
  run: Pick<RunTraces, 'leaderPid' | 'cookie'>,
): Promise<readonly RunProcess[]> {
  try {
    const { stdout } = await runProgram('ps', ['-Eww', '-A', '-o', 'pid=,pgid=,stat=,command='], {
      maxBuffer: 67_108_864,
    });
    return parsePs(stdout, run);
  } catch {
    // Without ps nothing can be found; the group has been ended all the same.
    return [];
  }
}

export function parsePs(output: string, run: Pick<RunTraces, 'leaderPid' | 'cookie'>): readonly RunProcess[] {
  return output.split('\n').flatMap((line) => {
    const [, pid, groupId, state, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s?(.*)$/.exec(line) ?? [];
    if (pid === undefined || state === undefined) return [];
    const isOurs =
      Number(groupId) === run.leaderPid || ` ${command}`.includes(` ${cookieName}=${run.cookie}`);
    return isOurs ? [{ pid: Number(pid), startTicks: null, isZombie: state.startsWith('Z') }] : [];
  });
}
