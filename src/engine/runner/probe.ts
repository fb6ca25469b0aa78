import { spawn } from 'node:child_process';
import { createOutputTail } from './output-tail.ts';
import { endRun, ownGroup } from './process-group.ts';
import { cookieName, createCookie } from './run-cookie.ts';

/** What became of a program that was asked to describe itself. */
export type ProbeOutcome =
  | { readonly state: 'answered'; readonly answer: unknown }
  /** It ran to its end and said something else. */
  | { readonly state: 'other'; readonly output: string }
  | { readonly state: 'hung' }
  | { readonly state: 'not-started'; readonly reason: string };

/** Stands before the answer, so that it is found among what start-up files print. */
export const answerMark = 'corescope-probe:';

const outputBytes = 65_536;

/**
 * Runs `command` and takes the JSON behind `answerMark` in its output. It may be any program at all: what has not
 * ended after `limitMs` is ended with all its children.
 */
export function runProbe(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  limitMs: number,
): Promise<ProbeOutcome> {
  const cookie = createCookie(environment[cookieName]);
  return new Promise((resolve) => {
    const probed = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment, [cookieName]: cookie },
      ...ownGroup,
    });
    const output = createOutputTail(outputBytes);
    probed.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    probed.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    const { pid } = probed;
    let hung = false;
    const limit = setTimeout(() => {
      hung = true;
      if (pid === undefined) return;
      void endRun({ leaderPid: pid, cookie, hostStartTicks: null, cgroup: null }, 0).then(() =>
        settle({ state: 'hung' }),
      );
    }, limitMs);
    function settle(outcome: ProbeOutcome): void {
      clearTimeout(limit);
      probed.stdout.destroy();
      probed.stderr.destroy();
      resolve(outcome);
    }
    probed.once('error', (error) => settle({ state: 'not-started', reason: error.message }));
    // `close` comes when all output has been read; a child that keeps the pipes open runs into the limit.
    probed.once('close', () => {
      if (!hung) settle(readAnswer(output.text()));
    });
  });
}

function readAnswer(output: string): ProbeOutcome {
  const line = output.split(/\r?\n/).find((candidate) => candidate.startsWith(answerMark));
  if (line === undefined) return { state: 'other', output };
  try {
    return { state: 'answered', answer: JSON.parse(line.slice(answerMark.length)) };
  } catch {
    return { state: 'other', output };
  }
}
