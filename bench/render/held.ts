import type { BrowserWindow } from 'electron';
import { spreadOf } from '../support/statistics.ts';
import { rssBytes, sleep } from './cost.ts';

/** Chromium gives pages back to the system some time after what was in them is freed. */
const settleMs = 1_500;
/** What is freed in one collection lets go of more: V8's objects of Blink's, and Blink's of V8's. */
const collections = 2;
const readings = 3;

/**
 * The renderer's memory without what nobody holds any more: its page and its workers collect their garbage, three
 * times, and the middle one of the readings after it counts. A debugger is attached meanwhile, and not before.
 */
export async function heldBytes({ webContents }: BrowserWindow): Promise<number> {
  const { debugger: session } = webContents;
  const workers: string[] = [];
  const noteWorker = (_: unknown, method: string, { sessionId }: { readonly sessionId?: string }): void => {
    if (method === 'Target.attachedToTarget' && sessionId !== undefined) workers.push(sessionId);
  };
  session.attach('1.3');
  session.on('message', noteWorker);
  try {
    await session.sendCommand('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
    });
    if (workers.length === 0) throw new Error('the drawing worker is not there to be collected');
    const held: number[] = [];
    while (held.length < readings) {
      for (let time = 0; time < collections; time += 1) {
        await session.sendCommand('HeapProfiler.collectGarbage');
        for (const worker of workers) await session.sendCommand('HeapProfiler.collectGarbage', {}, worker);
      }
      await sleep(settleMs);
      held.push(rssBytes(webContents.getOSProcessId()));
    }
    return spreadOf(held).median;
  } finally {
    session.off('message', noteWorker);
    session.detach();
  }
}
