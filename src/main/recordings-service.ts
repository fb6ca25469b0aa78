import os from 'node:os';
import { fail, type Failure, type Result } from '../shared/result.ts';
import type { PlacePreferences } from './answers/recording-shelf.ts';
import type { FromRecordings, RecordingsStart } from './engine-messages.ts';
import { RequestChannel, type RequestMessage } from './request-channel.ts';

export interface RecordingsService {
  ask(name: string, payload: unknown): Promise<Result<unknown>>;
  /** While something is being measured, recordings are read with what CPU nothing else wants. */
  setMeasuring(isMeasuring: boolean): void;
  stop(): void;
}

/** As much of Electron's `UtilityProcess` as is needed. */
export interface ForkedProcess {
  readonly pid: number | undefined;
  postMessage(message: RecordingsStart | RequestMessage): void;
  kill(): boolean;
  on(event: 'message', listener: (message: FromRecordings) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  once(event: 'spawn', listener: () => void): unknown;
}

export interface RecordingsServiceTools {
  readonly fork: () => ForkedProcess;
  readonly preferences: PlacePreferences;
  /** Puts a process behind all others; it need not succeed. */
  readonly lower?: (pid: number) => void;
}

interface Running {
  readonly process: ForkedProcess;
  readonly channel: RequestChannel;
  isLowered: boolean;
}

/**
 * The process that reads recordings: begun when it is first asked something. A priority that was lowered cannot be
 * raised again without rights, so a process that has had to step back is put away when the measurement is over and it
 * has nothing to do; the next question begins another.
 */
export function createRecordingsService({
  fork,
  preferences,
  lower = lowerPriority,
}: RecordingsServiceTools): RecordingsService {
  let running: Running | null = null;
  let isMeasuring = false;

  function begin(): Running {
    const process = fork();
    const channel = new RequestChannel((message) => process.postMessage(message), exited);
    const begun: Running = { process, channel, isLowered: false };
    process.on('message', (message: FromRecordings) => {
      begun.channel.receive(message);
      putAway();
    });
    process.on('exit', () => {
      begun.channel.end();
      if (running === begun) running = null;
    });
    process.once('spawn', () => {
      if (isMeasuring) stepBack(begun);
    });
    process.postMessage({ type: 'start-recordings', preferences });
    running = begun;
    return begun;
  }

  function stepBack(which: Running): void {
    if (which.isLowered || which.process.pid === undefined) return;
    which.isLowered = true;
    lower(which.process.pid);
  }

  function putAway(): void {
    if (running === null || isMeasuring || !running.isLowered || running.channel.isWaiting) return;
    running.process.kill();
    running = null;
  }

  return {
    ask: (name, payload) => (running ?? begin()).channel.ask(name, payload),
    setMeasuring: (next) => {
      isMeasuring = next;
      if (isMeasuring && running !== null) stepBack(running);
      putAway();
    },
    stop: () => running?.process.kill(),
  };
}

function lowerPriority(pid: number): void {
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended, or the system has no such thing: then it competes like any other program.
  }
}

function exited(): Failure {
  return fail(
    'recordings-exited',
    'The process in which Corescope reads recordings has ended unexpectedly.',
    'Try again: it is begun anew. If it happens again, report it with the recording that was looked at.',
  );
}
