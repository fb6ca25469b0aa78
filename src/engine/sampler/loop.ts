import { setTimeout as delay } from 'node:timers/promises';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type { SessionClock } from '../clock.ts';
import { createSchedule, type Deadline } from './schedule.ts';

/** What a loop drives: one tick per deadline, at a pace that may change from tick to tick. */
export interface TickSource {
  /** Null where the tick is over when the call returns, which is so unless the reader answers later. */
  take(deadline: Deadline): Promise<void> | null;
  /**
   * Blocks, and takes as many ticks as there is nothing to decide between, `first` being the first; `heard` as in
   * `Mailbox.bell`. None where it cannot, or something comes in before.
   */
  takeAhead?(first: Deadline, heard: number): TicksTaken;
  /** Time from one deadline to the next. */
  everyMs(): Milliseconds;
}

export interface TicksTaken {
  readonly count: number;
  /** When the last of them was begun. */
  readonly startedAtMs: SessionMs;
}

/** Waits until the clock reads `atMs`, or until `signal` says that the sampler stops. */
export type WaitUntil = (atMs: SessionMs, signal: AbortSignal) => Promise<void>;

export function createTimerWait(clock: SessionClock): WaitUntil {
  return async (atMs, signal) => {
    // Node's timers may fire up to a millisecond early.
    for (;;) {
      const remainingMs = atMs - clock.nowMs();
      if (remainingMs <= 0 || signal.aborted) return;
      await delay(Math.ceil(remainingMs), undefined, { signal }).catch(() => undefined);
    }
  };
}

/** Ticks on timers, for a thread that has something else to do between them. Ends when `signal` says so. */
export async function runTimerLoop(
  ticks: TickSource,
  nowMs: () => SessionMs,
  waitUntil: WaitUntil,
  signal: AbortSignal,
): Promise<void> {
  const schedule = createSchedule(nowMs(), ticks.everyMs());
  let startedAtMs: SessionMs | undefined;
  for (;;) {
    const deadline = schedule.next(nowMs(), startedAtMs);
    await waitUntil(deadline.atMs, signal);
    if (signal.aborted) return;
    startedAtMs = nowMs();
    await ticks.take(deadline);
    schedule.changeEvery(ticks.everyMs());
  }
}

export const noTicks: TicksTaken = { count: 0, startedAtMs: Number.NaN };

/** Where commands come in while the thread is blocked. */
export interface Mailbox {
  /** Int32, in shared memory: the sender adds 1 and notifies after each command. */
  readonly bell: Int32Array;
  /** Carries out what has come in. False once the loop is to end. */
  readonly obeyAll: () => boolean;
}

/**
 * Ticks in a thread of its own, which sleeps in the kernel until the deadline or the bell. A wake-up is about half the
 * price of a timer's (68 to 161 µs an empty tick instead of 121 to 387), and the engine's own timed jobs (collecting
 * garbage when idle) never run. Nothing else of the thread runs until the loop ends: no timer, no promise, no port.
 *
 * Throws where a tick is not over when it returns: the reader is one that needs `runTimerLoop`.
 */
export function runBlockingLoop(ticks: TickSource, nowMs: () => SessionMs, mailbox: Mailbox): void {
  const { bell, obeyAll } = mailbox;
  let heard = Atomics.load(bell, 0);
  if (!obeyAll()) return;
  const schedule = createSchedule(nowMs(), ticks.everyMs());
  let startedAtMs: SessionMs | undefined;
  for (;;) {
    const deadline = schedule.next(nowMs(), startedAtMs);
    let taken = noTicks;
    for (;;) {
      if (Atomics.load(bell, 0) !== heard) {
        // Before the commands are taken: one that comes meanwhile rings again.
        heard = Atomics.load(bell, 0);
        if (!obeyAll()) return;
      }
      taken = ticks.takeAhead?.(deadline, heard) ?? noTicks;
      if (taken.count > 0) break;
      startedAtMs = nowMs();
      const remainingMs = deadline.atMs - startedAtMs;
      if (remainingMs <= 0) break;
      Atomics.wait(bell, 0, heard, remainingMs);
    }
    if (taken.count > 0) {
      ({ startedAtMs } = taken);
      schedule.pass(taken.count - 1);
    } else if (ticks.take(deadline) !== null) {
      throw new Error('the blocking loop was given a reader that answers later');
    }
    schedule.changeEvery(ticks.everyMs());
  }
}
