import { once } from 'node:events';
import { showNumber } from '../support/table.ts';
import { rssBytes, sleep } from './cost.ts';
import { heldBytes } from './held.ts';
import { targets, type Line } from './plan.ts';
import { ask, coloursOf, feedWindow, openWindow } from './windows.ts';

const cores = 64;
const processes = 500;
const hz = 10;
/** After each hour, so that nothing is under way when it is read. */
const settleMs = 1_500;
/**
 * Beyond the history that a day fills by plan: what the same state takes more or less when it is read again, by what
 * lies between what is held. Measured in replays of 3 to 24 h: 5 MB at most.
 */
const breathingBytes = 8e6;

/**
 * The renderer's memory while a day of samples goes through the live view, hour by hour, as fast as it takes them.
 * After the first hour and at the end its garbage is collected: what is held then is what must not grow. In between
 * nobody interferes, for the most that it takes is garbage and all.
 */
export async function measureReplay(hours: number): Promise<Line[]> {
  const window = await openWindow({ show: 'replay', cores, processes });
  const pid = window.webContents.getOSProcessId();
  const feeder = feedWindow(window, { kind: 'replay', cores, processes, hours, hz });
  const megabytes = (bytes: number): string => showNumber(bytes / 1e6);
  const afterHours: number[] = [];
  const held = { first: Number.NaN, last: Number.NaN };
  while (afterHours.length < hours) {
    const fromMs = performance.now();
    await once(feeder, 'message');
    const tookMs = performance.now() - fromMs;
    await sleep(settleMs);
    const taken = rssBytes(pid);
    afterHours.push(taken);
    if (afterHours.length === 1) held.first = await heldBytes(window);
    if (afterHours.length === hours) held.last = await heldBytes(window);
    // A day takes long: whoever waits sees that it goes on, and what grows before it is over.
    console.error(`hour ${afterHours.length}: ${megabytes(taken)} MB, in ${showNumber(tookMs / 1000)} s`);
    feeder.postMessage('go on');
  }
  const plannedBytes = await ask<number>(window, `historyGrowth(${hours})`);
  const colours = await coloursOf(window);
  window.destroy();
  feeder.kill();
  const [first = Number.NaN] = afterHours;
  const most = Math.max(...afterHours);
  const beyondBytes = held.last - held.first - plannedBytes;
  const name = `${hours} h replayed, 64 cores, 500 processes`;
  return [
    {
      what: `${name}: renderer, garbage and all (${megabytes(first)} MB after 1 h, ${megabytes(afterHours.at(-1) ?? Number.NaN)} at the end)`,
      target: `<= ${targets.dayRssBytes / 1e6} MB`,
      measured: `${megabytes(most)} MB`,
      isMet: most <= targets.dayRssBytes,
    },
    {
      what: `${name}: what is held (${megabytes(held.first)} MB after 1 h, ${megabytes(held.last)} at the end), growth beyond the ${megabytes(plannedBytes)} of the history's older blocks`,
      target: `<= ${megabytes(breathingBytes)} MB`,
      measured: `${megabytes(beyondBytes)} MB`,
      isMet: beyondBytes <= breathingBytes,
    },
    {
      what: `${name}: colours in the picture`,
      target: '>= 100',
      measured: String(colours),
      isMet: colours >= 100,
    },
  ];
}
