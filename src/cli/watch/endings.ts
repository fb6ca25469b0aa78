import type { WatchReport } from './watch-text.ts';

/** Ways in which a watch ends, as promises of which the first counts. */
export type Ended = WatchReport['ended'];

export function aborted(signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ why: 'interrupted', code: null, signal: null });
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

export function timeIsUp(afterMs: number | null): Promise<Ended> {
  return new Promise((resolve) => {
    if (afterMs === null) return;
    // Does not hold up the end of the program when something else comes first.
    setTimeout(() => resolve({ why: 'time', code: null, signal: null }), afterMs).unref();
  });
}

export function firstOf(endings: readonly Promise<Ended>[]): Promise<Ended> {
  return Promise.race(endings);
}
