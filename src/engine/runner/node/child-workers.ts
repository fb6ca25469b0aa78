import type { ChildProcess } from 'node:child_process';
import type { Collector } from './collector.ts';
import { asError } from './failure.ts';
import { type DoneMessage, isWorkerMessage, type WorkerMessage } from './messages.ts';

const terminatedExitCode = 128 + 15;

/**
 * A channel on which a socket was on its way to a child that died (`cluster`) never closes. What is in a pipe is
 * read within a few milliseconds; longer delays the news of such a death.
 */
const closingGraceMs = 300;

/** How a worker process ended. */
export interface ChildEnd {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it said of itself at last; null where it died before it was done. */
  readonly done: DoneMessage | null;
}

/** The worker processes of a run, so that none is left when it ends. */
export interface ChildWorkers {
  /**
   * Takes the child's messages until it has ended and all that it said has been read. Tells the collector how it
   * ended. Rejects where it cannot be started, and with what `onMessage` throws.
   */
  follow(child: ChildProcess, index: number, onMessage: (message: WorkerMessage) => void): Promise<ChildEnd>;
  /** Kills those that are left and waits for them. */
  endAll(): Promise<void>;
}

export function createChildWorkers(collector: Collector): ChildWorkers {
  const children: ChildProcess[] = [];
  const workers: ChildWorkers = {
    follow(child, index, onMessage) {
      children.push(child);
      return followChild(child, index, collector, onMessage);
    },
    endAll: () => endChildren(children),
  };
  endOnTerminate(children);
  return workers;
}

/** On SIGTERM the host goes only after its children: whoever ends the group then finds no zombie of ours. */
export function endOnTerminate(children: readonly ChildProcess[]): void {
  process.once('SIGTERM', () => void endChildren(children).then(() => process.exit(terminatedExitCode)));
}

function followChild(
  child: ChildProcess,
  index: number,
  collector: Collector,
  onMessage: (message: WorkerMessage) => void,
): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    let done: DoneMessage | null = null;
    let ended: Omit<ChildEnd, 'done'> | null = null;
    let disconnected = false;
    let settled = false;
    let closing: NodeJS.Timeout | undefined;

    // Messages may still be in the pipe when the exit is known: the end of the pipe is waited for as well.
    function settleWhenOver(): void {
      if (ended === null || !disconnected || settled) return;
      settled = true;
      clearTimeout(closing);
      const { cpuSeconds = null, maxRssBytes = null } = done ?? {};
      collector.processExited({ index, ...ended, cpuSeconds, maxRssBytes });
      resolve({ ...ended, done });
    }

    function noteDisconnect(): void {
      disconnected = true;
      settleWhenOver();
    }

    child.on('message', (message) => {
      if (!isWorkerMessage(message)) return;
      if (message.type === 'done') done = message;
      try {
        onMessage(message);
      } catch (error) {
        reject(asError(error));
      }
    });
    child.once('error', reject);
    child.once('disconnect', noteDisconnect);
    child.once('exit', (code, signal) => {
      // A child that could not be started has no pid, and no exit either.
      ended = { pid: child.pid ?? 0, code, signal };
      settleWhenOver();
      if (!settled) closing = setTimeout(noteDisconnect, closingGraceMs);
    });
  });
}

export async function endChildren(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(
      (child) =>
        new Promise<void>((resolve) => {
          if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) resolve();
          child.once('exit', () => resolve());
          child.kill('SIGKILL');
        }),
    ),
  );
}

/** Options of `fork` by which V8 keeps a heap limit. */
export function heapLimit(megabytes: number | null): { execArgv?: string[] } {
  return megabytes === null ? {} : { execArgv: [...process.execArgv, `--max-old-space-size=${megabytes}`] };
}

/** `exit code 7`, `signal SIGSEGV` */
export function describeEnd({ code, signal }: Pick<ChildEnd, 'code' | 'signal'>): string {
  return signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
}
