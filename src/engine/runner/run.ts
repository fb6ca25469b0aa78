import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { fail, type Problem } from '../../shared/result.ts';
import { type SessionClock } from '../clock.ts';
import { type Launch, prepareLaunch } from './launch.ts';
import { createOutputTail } from './output-tail.ts';
import { endGroup, ownGroup, startGuard } from './process-group.ts';
import { eventDescriptor } from './protocol.ts';
import { createRunAccount, type HostExit, type RunAccount } from './run-account.ts';
import { type RunHandle, type RunOutcome, type RunProgress, type RunRequest } from './run-contract.ts';

export type { HostFiles, RunHandle, RunOutcome, RunProgress, RunRequest } from './run-contract.ts';

/** Enough for a long traceback; a run that prints for an hour costs no more. */
const outputTailBytes = 16_384;
/** A host that is told to go collects its workers first: some milliseconds. More delays a cancel that hangs. */
const endGraceMs = 300;
/** How long a host may take to go by itself once it has said how the run ended. */
const hostExitGraceMs = 2_000;
/** How long the pipes of a dead host may stay open (in a process that left its group) before we let go of them. */
const pipeGraceMs = 1_000;

const nsPerMs = 1e6;

/** Spawns a run host and supervises it to its end. Throws where `tasks` or `workers` is not a whole number from 1. */
export function startRun(
  request: RunRequest,
  tools: { readonly clock: SessionClock },
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
  const started = spawnHost(launch.value);
  if (!started.ok) return failedHandle(started.problem);
  return superviseHost(started, launch.value.planLine, account, spawnedNs, request.timeoutMs);
}

function failedHandle(problem: Promise<Problem>): RunHandle {
  return {
    hostPid: null,
    outcome: problem.then((reason) => ({ state: 'failed', problem: reason })),
    cancel: () => Promise.resolve(),
  };
}

type StartedHost = { readonly ok: true; readonly host: ChildProcess; readonly pid: number };

/** The reason why a host could not be spawned comes as an event, some turns later. */
function spawnHost(launch: Launch): StartedHost | { readonly ok: false; readonly problem: Promise<Problem> } {
  const host = spawn(launch.command, launch.args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: launch.environment,
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

function superviseHost(
  { host, pid }: StartedHost,
  planLine: string,
  account: RunAccount,
  spawnedNs: bigint,
  timeoutMs: number,
): RunHandle {
  // Before the plan is sent: a host without a plan does nothing, and goes by itself when its stdin closes.
  const guard = startGuard(pid);
  const tail = createOutputTail(outputTailBytes);
  let ending: Promise<void> | null = null;
  const end = (): Promise<void> => (ending ??= endGroup(pid, endGraceMs));

  let timer = setTimeout(() => {
    account.stop({ state: 'timed-out', afterMs: Number(process.hrtime.bigint() - spawnedNs) / nsPerMs });
    void end();
  }, timeoutMs);

  let told = false;
  function readEvents(chunk: Buffer): void {
    const state = account.read(chunk);
    if (state === 'faulty') void end();
    if (state !== 'told' || told) return;
    told = true;
    clearTimeout(timer);
    timer = setTimeout(() => void end(), hostExitGraceMs);
  }

  // Something that went wrong with a host that runs (a signal that could not be sent) shows in how it ends.
  host.on('error', () => undefined);
  // Every pipe is read to its end, wanted or not: a full pipe would stall the work.
  listen(host.stdio[eventDescriptor], readEvents);
  listen(host.stdout, (chunk) => tail.push(chunk));
  listen(host.stderr, (chunk) => tail.push(chunk));
  // A host that dies at once breaks the pipe; how it ended says more than EPIPE.
  host.stdin?.on('error', () => undefined);
  host.stdin?.end(planLine);

  async function conclude(): Promise<RunOutcome> {
    const exit = await waitForExit(host);
    clearTimeout(timer);
    // Whatever the host left behind, before its pipes are waited for: they may have been inherited.
    await end();
    await waitForPipes(host);
    await guard?.dismiss();
    return account.conclude(exit, tail.text());
  }

  const outcome = conclude();
  return {
    hostPid: pid,
    outcome,
    async cancel() {
      account.stop({ state: 'cancelled' });
      await end();
      await outcome;
    },
  };
}

function listen(stream: unknown, onChunk: (chunk: Buffer) => void): void {
  if (!(stream instanceof Readable)) throw new Error('a run host has a pipe that cannot be read');
  stream.on('data', onChunk);
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
