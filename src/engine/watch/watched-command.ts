import { type ChildProcess, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import which from 'which';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { startGuard } from '../runner/guard.ts';
import { endRun, ownGroup, type RunMarks } from '../runner/process-group.ts';
import { createRunCgroup } from '../runner/run-cgroup.ts';
import { cookieName, createCookie } from '../runner/run-cookie.ts';
import { readStartTicks } from '../runner/run-processes.ts';

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A command that stands at its first instruction until `begin`. */
export interface WatchedCommand {
  readonly pid: number;
  /** Where the kernel adds up the CPU time of all that it starts; null where no control group could be made. */
  readonly cgroupCpuFile: string | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  begin(): void;
  /** As Ctrl-C would: SIGINT to all of its group. */
  interrupt(): void;
  readonly ended: Promise<CommandEnd>;
  /** Ends whatever is left of it, and says how much CPU time its control group counted. Once, after `ended`. */
  clear(): Promise<{ readonly cgroupCpuSeconds: number | null }>;
}

/** How long what a command left behind may take to go. */
const endGraceMs = 300;

/**
 * Starts `argv` in a process group of its own, so that nothing of it is left. The program's shell waits for `begin`
 * and then becomes the program (same pid), so that sampler and control group are there before its first instruction.
 * It reads our stdin unless that is a terminal, which belongs to one process group at a time: ours. It runs in
 * `folder`, where null is our own; a path to the program is taken from there, as `cd` would make it.
 */
export async function startWatchedCommand(
  argv: readonly string[],
  folder: string | null = null,
): Promise<Result<WatchedCommand>> {
  const [program = '', ...args] = argv;
  if (folder !== null && !(await isFolder(folder))) {
    return fail('no-such-folder', `There is no folder ${folder}.`, 'Choose the folder to run in anew.');
  }
  const isPath = path.basename(program) !== program;
  const file = await which(isPath ? path.resolve(folder ?? '', program) : program, { nothrow: true });
  if (file === null) {
    return fail(
      'command-not-found',
      `There is no command "${program}".`,
      isPath
        ? 'Check the path: there is no program that may be run.'
        : 'Check its name, or give the whole path: no folder of the PATH holds a program of that name.',
    );
  }
  const cookie = createCookie(process.env[cookieName]);
  const waits = process.platform !== 'win32';
  const child = spawn(
    waits ? '/bin/sh' : file,
    waits ? ['-c', 'read -r go <&3; exec 3<&-; exec "$0" "$@"', file, ...args] : args,
    {
      stdio: [process.stdin.isTTY ? 'ignore' : 'inherit', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, [cookieName]: cookie },
      ...(folder === null ? {} : { cwd: folder }),
      ...ownGroup,
    },
  );
  const { pid } = child;
  if (pid === undefined) return await notStarted(child, program);
  return succeed(superviseCommand(child, pid, cookie));
}

async function isFolder(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch {
    return false;
  }
}

function superviseCommand(child: ChildProcess, pid: number, cookie: string): WatchedCommand {
  const made = createRunCgroup(cookie);
  const cgroup = made?.add(pid) === true ? made : null;
  if (cgroup === null) made?.remove();
  const marks: RunMarks = { leaderPid: pid, cookie, hostStartTicks: readStartTicks(pid), cgroup };
  const guard = startGuard(marks);
  const { stdout, stderr } = child;
  const gate = child.stdio[3];
  if (stdout === null || stderr === null || !isWritable(gate)) throw new Error('a command has its pipes');
  // A command that is ended before it begins breaks the pipe; how it ended says more than EPIPE.
  gate.on('error', () => undefined);
  const ended = new Promise<CommandEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid,
    cgroupCpuFile: cgroup?.cpuFile ?? null,
    stdout,
    stderr,
    begin: () => gate.end('\n'),
    interrupt: () => {
      try {
        process.kill(process.platform === 'win32' ? pid : -pid, 'SIGINT');
      } catch {
        // It has just ended.
      }
    },
    ended,
    async clear() {
      await endRun(marks, endGraceMs);
      const cgroupCpuSeconds = cgroup?.readCpuSeconds() ?? null;
      cgroup?.remove();
      await guard?.dismiss();
      return { cgroupCpuSeconds };
    },
  };
}

function isWritable(stream: unknown): stream is Writable {
  return typeof stream === 'object' && stream !== null && 'write' in stream;
}

function notStarted(child: ChildProcess, program: string): Promise<Result<never>> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(
        fail(
          'command-not-started',
          `The command "${program}" could not be started: ${error.message}.`,
          'Check that it may be executed.',
        ),
      );
    });
  });
}
