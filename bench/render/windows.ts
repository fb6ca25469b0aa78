import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BrowserWindow, MessageChannelMain, utilityProcess, type UtilityProcess } from 'electron';
import type { FeederOrder, PageQuery } from './plan.ts';

const here = dirname(fileURLToPath(import.meta.url));
const pageFile = join(here, 'page', 'index.html');

/** One window of the bench, a renderer of its own, with the page as `query` says. */
export async function openWindow(query: PageQuery): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1480,
    height: 900,
    webPreferences: { backgroundThrottling: false, preload: join(here, 'page', 'preload.cjs') },
  });
  const words = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  await window.loadFile(pageFile, { query: Object.fromEntries<string>(words) });
  return window;
}

/** The samples' process, connected to the page. */
export function feedWindow(window: BrowserWindow, order: FeederOrder): UtilityProcess {
  const feeder = utilityProcess.fork(join(here, 'feeder.js'), [], { serviceName: 'samples' });
  const { port1, port2 } = new MessageChannelMain();
  feeder.postMessage(order, [port1]);
  window.webContents.postMessage('samples', null, [port2]);
  return feeder;
}

/** Calls a function of the page's `bench`. */
export async function ask<Answer>(window: BrowserWindow, question: string): Promise<Answer> {
  // The page is ours and built with this file: what it answers has the type that it is asked for.
  return (await window.webContents.executeJavaScript(
    `window.bench.then((bench) => bench.${question})`,
  )) as Answer;
}

export async function coloursOf(window: BrowserWindow): Promise<number> {
  const picture = (await window.webContents.capturePage()).toBitmap();
  const colours = new Set<number>();
  for (let at = 0; at + 4 <= picture.length; at += 4 * 97) colours.add(picture.readUInt32LE(at));
  return colours.size;
}
