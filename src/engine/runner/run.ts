import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { fail, type Problem } from '../../shared/result.ts';
import type { SessionClock } from '../clock.ts';
import { startGuard } from './guard.ts';
import { type Launch, prepareLaunch } from './launch.ts';
import { setNiceLevel } from './nice-level.ts';
import { readOomKills } from './oom-kills.ts';
import { createOutputCapture, type OutputCapture, type OutputStream, tellEveryMs } from './output-capture.ts';
import { endRun, ownGroup, type RunMarks } from './process-group.ts';
import { eventDescriptor } from './protocol.ts';
import { createRunAccount, type HostExit, type RunAccount } from './run-account.ts';
import { createRunCgroup, type RunCgroup } from './run-cgroup.ts';
import type { RunHandle, RunProgress, RunRequest } from './run-contract.ts';
import { cookieName, createCookie } from './run-cookie.ts';
import { readStartTicks } from './run-processes.ts';

export type { HostFiles, RunHandle, RunLimits, RunOutcome, RunProgress, RunRequest } from './run-contract.ts';
export type { RunRemains } from './run-contract.ts';

/** A host that is told to go collects its workers first: some milliseconds. More delays a cancel that hangs. */
const endGraceMs = 300;
/** How long a host may take to go by itself once it has said how the run ended. */
const hostExitGraceMs = 2_000;
/** How long a host may go on without its event channel: when a process ends, its pipes do so a moment earlier. */
const lostChannelGraceMs = 1_000;
/** How long the pipes of a dead host may stay open (in a process that could not be found) before we let go of them. */
const pipeGraceMs = 1_000;

const nsPerMs = 1e6;

/** Spawns a run host and supervises it to its end. Throws where `tasks` or `workers` is not a whole number from 1. */
export function startRun(
  request: RunRequest,
  tools: {
    readonly clock: SessionClock;
    /** By default a real one where one can be made. */
    readonly createCgroup?: (id: string) => RunCgroup | null;
  },
  onProgress: (progress: RunProgress) => void,
): RunHandle {
  const launch = prepareLaunch(request, process.env);
  if (!launch.ok) return failedHandle(Promise.resolve(launch.problem));
  const spawnedNs = process.hrtime.bigint();
  const account = createRunAccount({
    request,
    clock: tools.clock,
    spawnedNs,
    nowNs: () => process.hrtime.bigint(),
    onProgress,
  });
  const capture = createOutputCapture({
    nowMs: () => tools.clock.nowMs(),
    onOutput: (news) => onProgress({ type: 'output', ...news }),
  });
  const cookie = createCookie(process.env[cookieName]);
  const started = spawnHost(launch.value, cookie);
  if (!started.ok) return failedHandle(started.problem);
  const { host, pid } = started;
  const cgroup = enterCgroup(pid, (tools.createCgroup ?? createRunCgroup)(cookie));
  const { planLine } = launch.value;
  return superviseHost({
    host,
    marks: { leaderPid: pid, cookie, hostStartTicks: readStartTicks(pid), cgroup },
    planLine,
    account,
    capture,
    spawnedNs,
    request,
  });
}

function failedHandle(problem: Promise<Problem>): RunHandle {
  return {
    hostPid: null,
    outcome: problem.then((reason) => ({
      state: 'failed',
      problem: reason,
      output: null,
      cgroupCpuSeconds: null,
    })),
    cancel: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    cgroupCpuFile: null,
  };
}

/** Before the plan is sent: a host without a plan has started nothing yet that would be left outside. */
function enterCgroup(pid: number, cgroup: RunCgroup | null): RunCgroup | null {
  if (cgroup === null || cgroup.add(pid)) return cgroup;
  cgroup.remove();
  return null;
}

type StartedHost = { readonly ok: true; readonly host: ChildProcess; readonly pid: number };

/** The reason why a host could not be spawned comes as an event, some turns later. */
function spawnHost(
  launch: Launch,
  cookie: string,
): StartedHost | { readonly ok: false; readonly problem: Promise<Problem> } {
  const host = spawn(launch.command, launch.args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...launch.environment, [cookieName]: cookie },
    ...ownGroup,
  });
  if (host.pid !== undefined) return { ok: true, host, pid: host.pid };
  const problem = new Promise<Problem>((resolve) => {
    host.once('error', (error) => {
      resolve(
        fail(
          'host-not-started',
          `The run host could not be started with "${launch.command}": ${error.message}.`,
          'Check that this interpreter exists and may be executed, or choose another one.',
        ).problem,
      );
    });
  });
  return { ok: false, problem };
}

interface Supervision {
  readonly host: ChildProcess;
  readonly marks: RunMarks;
  readonly planLine: string;
  readonly account: RunAccount;
  readonly capture: OutputCapture;
  readonly spawnedNs: bigint;
  readonly request: Pick<RunRequest, 'timeoutMs' | 'limits'>;
}

function superviseHost({
  host,
  marks,
  planLine,
  account,
  capture,
  spawnedNs,
  request,
}: Supervision): RunHandle {
  // Before the plan is sent: a host without a plan does nothing, and goes by itself when its stdin closes.
  const guard = startGuard(marks);
  const oomKillsBefore = readOomKills();
  let ending: Promise<void> | null = null;
  const end = (graceMs: number): Promise<void> => (ending ??= endRun(marks, graceMs));

  let timer = setTimeout(() => {
    account.stop({ state: 'timed-out', afterMs: Number(process.hrtime.bigint() - spawnedNs) / nsPerMs });
    void end(endGraceMs);
  }, request.timeoutMs);
  /** Set while there is something to tell: a run that writes nothing is not to wake this process. */
  let teller: NodeJS.Timeout | undefined;
  function tellSoon(): void {
    teller ??= setTimeout(() => {
      teller = undefined;
      if (capture.tell()) tellSoon();
    }, tellEveryMs);
  }

  let told = false;
  function readEvents(chunk: Buffer): void {
    const state = account.read(chunk);
    if (state === 'faulty') void end(endGraceMs);
    if (state !== 'told' || told) return;
    told = true;
    clearTimeout(timer);
    timer = setTimeout(() => void end(endGraceMs), hostExitGraceMs);
  }

  let lostChannel = false;
  function noticeLostChannel(): void {
    if (told || ending !== null || hasEnded(host)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      lostChannel = !hasEnded(host);
      void end(endGraceMs);
    }, lostChannelGraceMs);
  }

  // Something that went wrong with a host that runs (a signal that could not be sent) shows in how it ends.
  host.on('error', () => undefined);
  // Every pipe is read to its end, wanted or not: a full pipe would stall the work.
  listen(host.stdio[eventDescriptor], readEvents, noticeLostChannel);
  const capturing = (stream: OutputStream) => (chunk: Buffer) => {
    capture.push(stream, chunk);
    tellSoon();
  };
  listen(host.stdout, capturing('stdout'));
  listen(host.stderr, capturing('stderr'));
  // A host that dies at once breaks the pipe; how it ended says more than EPIPE.
  host.stdin?.on('error', () => undefined);
  const problem = applyLimits(marks.leaderPid, request);
  if (problem === null) {
    host.stdin?.end(planLine);
  } else {
    account.stop({ state: 'failed', problem });
    void end(endGraceMs);
  }

  async function conclude(): RunHandle['outcome'] {
    const exit = await waitForExit(host);
    clearTimeout(timer);
    // Whatever the host left behind, before its pipes are waited for: they may have been inherited.
    await end(endGraceMs);
    const cgroupCpuSeconds = marks.cgroup?.readCpuSeconds() ?? null;
    marks.cgroup?.remove();
    await waitForPipes(host);
    clearTimeout(teller);
    await guard?.dismiss();
    const seen = { oomKills: countSince(oomKillsBefore), lostChannel };
    const outcome = account.conclude(exit, capture.lastWords(), seen);
    return { ...outcome, output: capture.conclude(), cgroupCpuSeconds };
  }

  const outcome = conclude();
  return {
    hostPid: marks.leaderPid,
    outcome,
    cgroupCpuFile: marks.cgroup?.cpuFile ?? null,
    async cancel() {
      account.stop({ state: 'cancelled' });
      await end(endGraceMs);
      await outcome;
    },
    async stop(reason) {
      account.stop({ state: 'failed', problem: reason });
      await end(0);
      await outcome;
    },
  };
}

/** The problem of a limit that cannot be kept; then the host gets no work. */
function applyLimits(pid: number, { limits }: Pick<RunRequest, 'limits'>): Problem | null {
  if (limits?.niceLevel === undefined) return null;
  const set = setNiceLevel(pid, limits.niceLevel);
  return set.ok ? null : set.problem;
}

function countSince(before: number | null): number | null {
  const now = readOomKills();
  return before === null || now === null ? null : now - before;
}

function hasEnded(host: ChildProcess): boolean {
  return host.exitCode !== null || host.signalCode !== null;
}

function listen(stream: unknown, onChunk: (chunk: Buffer) => void, onEnd?: () => void): void {
  if (!(stream instanceof Readable)) throw new Error('a run host has a pipe that cannot be read');
  stream.on('data', onChunk);
  if (onEnd !== undefined) stream.once('end', onEnd);
  // A reset pipe ends like a closed one.
  stream.on('error', () => undefined);
}

function waitForExit(host: ChildProcess): Promise<HostExit> {
  return new Promise((resolve) => {
    host.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Resolves when all that the host wrote has been read. */
async function waitForPipes(host: ChildProcess): Promise<void> {
  const pipes = [host.stdout, host.stderr, host.stdio[eventDescriptor]].filter(
    (pipe) => pipe instanceof Readable,
  );
  await Promise.all(
    pipes.map(
      (pipe) =>
        new Promise<void>((resolve) => {
          if (pipe.closed) {
            resolve();
            return;
          }
          const letGo = setTimeout(() => pipe.destroy(), pipeGraceMs);
          pipe.once('close', () => {
            clearTimeout(letGo);
            resolve();
          });
        }),
    ),
  );
}
