import type { Page } from '@playwright/test';
import { encodeFrame } from '../../src/shared/frame-codec.ts';
import type { EntityInfo, SampleFrame } from '../../src/shared/sample.ts';
import type { CoreTopology } from '../../src/shared/topology.ts';

/**
 * Samples of a machine that is not here, sent into the real page over a port of the test's own: everything from the
 * drawing worker on is the real thing. Call it before anything is looked at; the page is loaded anew, each time.
 */
export async function replaceSampler(page: Page): Promise<void> {
  if (!prepared.has(page)) await page.addInitScript(takeSamplesPort);
  prepared.add(page);
  await page.reload();
  await page.waitForFunction(() => 'drawnPort' in window);
}

/** Pages whose every load puts the test's port in the place of the sampler's. */
const prepared = new WeakSet<Page>();

function takeSamplesPort(): void {
  let isOurs = false;
  window.addEventListener('message', (event: MessageEvent<{ type?: string } | null>) => {
    if (isOurs || event.data?.type !== 'samples:port') return;
    event.stopImmediatePropagation();
    event.ports[0]?.close();
    const { port1, port2 } = new MessageChannel();
    Object.assign(window, { drawnPort: port1 });
    isOurs = true;
    const { data } = event;
    window.dispatchEvent(new MessageEvent('message', { data, source: window, ports: [port2] }));
    isOurs = false;
  });
}

export async function sendTopology(page: Page, topology: CoreTopology): Promise<void> {
  await post(page, { type: 'topology', topology });
}

export async function sendEntities(page: Page, appeared: readonly EntityInfo[]): Promise<void> {
  await post(page, { type: 'entities', appeared, goneKeys: [] });
}

async function post(page: Page, message: unknown): Promise<void> {
  await page.evaluate((sent) => {
    const { drawnPort } = window as unknown as { drawnPort: MessagePort };
    drawnPort.postMessage(sent);
  }, message);
}

/** All at once, in order. */
export async function sendFrames(page: Page, frames: readonly SampleFrame[]): Promise<void> {
  const texts = frames.map((frame) => Buffer.from(encodeFrame(frame)).toString('base64'));
  await page.evaluate((encoded) => {
    const { drawnPort } = window as unknown as { drawnPort: MessagePort };
    for (const text of encoded) {
      const buffer = Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
      drawnPort.postMessage({ type: 'frame', buffer }, [buffer]);
    }
  }, texts);
}
