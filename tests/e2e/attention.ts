import type { App } from './app.ts';

/** What the system was told of an experiment, and what it says itself, in the order of the reading. */
export interface Attention {
  /** Shares that the taskbar was told; -1 takes it away. */
  readonly progress: readonly number[];
  /** Whether the system is kept from sleeping now. */
  readonly isAwake: boolean;
  /** Titles of the notifications that were shown. */
  readonly notified: readonly string[];
  /** Whether this system can show any. */
  readonly canNotify: boolean;
}

/** From now on what reaches the taskbar and the notifications is written down, and goes on to the system. */
export async function followAttention({ electron }: App): Promise<void> {
  await electron.evaluate(({ BrowserWindow, Notification }) => {
    const seen: { progress: number[]; notified: string[] } = { progress: [], notified: [] };
    Object.assign(globalThis, { seenAttention: seen });
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) throw new Error('the app has no window');
    const setProgressBar = window.setProgressBar.bind(window);
    window.setProgressBar = (share, options) => {
      seen.progress.push(share);
      setProgressBar(share, options);
    };
    const prototype = Notification.prototype as { show: (this: { title: string }) => void };
    const { show } = prototype;
    prototype.show = function () {
      seen.notified.push(this.title);
      show.call(this);
    };
    // Who looks at the window needs no notification; who has the focus on a display of tests is left to chance.
    BrowserWindow.getFocusedWindow = () => null;
  });
}

export async function readAttention({ electron }: App): Promise<Attention> {
  return electron.evaluate(({ Notification, powerSaveBlocker }) => {
    const { seenAttention } = globalThis as unknown as {
      seenAttention: { progress: number[]; notified: string[] };
    };
    // They are numbered from 0; a test makes but a few.
    const ids = Array.from({ length: 20 }, (_, id) => id);
    return {
      ...seenAttention,
      isAwake: ids.some((id) => powerSaveBlocker.isStarted(id)),
      canNotify: Notification.isSupported(),
    };
  });
}

/** How long the last comparison took, as the app reckons. */
export async function comparisonMs({ page }: App): Promise<number> {
  return page.evaluate(async () => {
    const replayed = await window.corescope.request('experiment:replay', null);
    if (!replayed.ok) throw new Error(replayed.problem.message);
    const atMs = (type: string): number =>
      replayed.value.find((event) => event.type === type)?.atMs ?? Number.NaN;
    return atMs('finished') - atMs('planned');
  });
}
