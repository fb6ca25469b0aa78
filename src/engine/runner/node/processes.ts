import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { isShareMessage } from './share.ts';
import { type Strategy, type StrategyInput } from './strategy.ts';

const terminatedExitCode = 128 + 15;

/** One child_process.fork per share. */
export const runProcesses: Strategy = async (input) => {
  const children: ChildProcess[] = [];
  // On SIGTERM the host goes only after its children: whoever ends the group then finds no zombie of ours.
  process.once('SIGTERM', () => void endChildren(children).then(() => process.exit(terminatedExitCode)));
  try {
    const joined = Array.from({ length: input.plan.workers }, (_, index) => {
      const child = fork(path.join(input.folder, 'run-process.js'), [input.planLine, String(index)]);
      children.push(child);
      return joinChild(child, index, input);
    });
    await Promise.all(joined);
  } catch (error) {
    await endChildren(children);
    throw error;
  }
};

function joinChild(child: ChildProcess, index: number, { collector }: StrategyInput): Promise<void> {
  const name = `worker ${index + 1} (pid ${child.pid ?? 'unknown'})`;
  return new Promise((resolve, reject) => {
    let done = false;
    let howItEnded: string | null = null;
    let disconnected = false;

    // Messages may still be in the pipe when the exit is known: the end of the pipe is waited for as well.
    function settleWhenOver(): void {
      if (howItEnded === null || !disconnected) return;
      if (done) resolve();
      else reject(new Error(`${name} ended with ${howItEnded} before it had done its share`));
    }

    child.on('message', (message) => {
      if (!isShareMessage(message)) return;
      if (message.type === 'done') done = true;
      try {
        collector.accept(message);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    child.once('error', reject);
    child.once('disconnect', () => {
      disconnected = true;
      settleWhenOver();
    });
    child.once('exit', (code, signal) => {
      howItEnded = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
      settleWhenOver();
    });
  });
}

async function endChildren(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(
      (child) =>
        new Promise<void>((resolve) => {
          if (child.exitCode !== null || child.signalCode !== null) resolve();
          child.once('exit', () => resolve());
          child.kill('SIGKILL');
        }),
    ),
  );
}
