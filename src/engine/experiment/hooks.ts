import { spawn } from 'node:child_process';
import { fail, type Problem } from '../../shared/result.ts';
import type { Milliseconds } from '../../shared/units.ts';
import { createOutputTail, summarizeOutput } from '../runner/output-tail.ts';
import { endRun, ownGroup } from '../runner/process-group.ts';
import { cookieName, createCookie } from '../runner/run-cookie.ts';
import { readStartTicks } from '../runner/run-processes.ts';

const keptOutputBytes = 4_096;
const endGraceMs = 300;

/** What a hook's command finds in its environment besides that of Corescope. */
export type HookEnvironment = Readonly<Record<`CORESCOPE_${string}`, string>>;

/**
 * Runs a shell command to its end; the problem where it did not succeed, null where it did. What it leaves running
 * (a server that the work needs) is left, unless it had to be ended.
 */
export async function runHook(options: {
  readonly name: 'prepare' | 'cleanup';
  readonly command: string;
  readonly environment: HookEnvironment;
  readonly timeoutMs: Milliseconds;
  readonly signal: AbortSignal;
}): Promise<Problem | null> {
  const { name, command, signal } = options;
  const cookie = createCookie(process.env[cookieName]);
  const tail = createOutputTail(keptOutputBytes);
  const shell = spawn(command, {
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment, [cookieName]: cookie },
    ...ownGroup,
  });
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => tail.push(chunk));

  let ending: 'timeout' | 'cancel' | null = null;
  const end = (reason: 'timeout' | 'cancel'): void => {
    const { pid } = shell;
    if (pid === undefined || ending !== null) return;
    ending = reason;
    void endRun({ leaderPid: pid, cookie, hostStartTicks: readStartTicks(pid), cgroup: null }, endGraceMs);
  };
  const cancel = (): void => end('cancel');
  const timer = setTimeout(() => end('timeout'), options.timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const how = await new Promise<string | null>((resolve) => {
    shell.once('error', (error) => resolve(`could not be started (${error.message})`));
    // Not `close`: what it leaves running holds its pipes.
    shell.once('exit', (code, ended) =>
      resolve(
        code === 0
          ? null
          : code === null
            ? `was ended by ${ended ?? 'a signal'}`
            : `ended with exit code ${code}`,
      ),
    );
  });
  clearTimeout(timer);
  signal.removeEventListener('abort', cancel);
  shell.stdout.destroy();
  shell.stderr.destroy();
  if (how === null) return null;
  const said = summarizeOutput(tail.text());
  const story = wasTimeout(ending) ? `did not end within ${options.timeoutMs / 1000} s` : how;
  return fail(
    `${name}-failed`,
    `The ${name} command "${command}" ${story}${said === '' ? '.' : `: ${said}`}`,
    `Try it in a shell, or leave --${name} out.`,
  ).problem;
}

/** Through a function, for the compiler does not see that the callbacks above have run. */
function wasTimeout(ending: 'timeout' | 'cancel' | null): boolean {
  return ending === 'timeout';
}
