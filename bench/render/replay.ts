import { once } from 'node:events';
import { showNumber } from '../support/table.ts';
import { rssBytes, sleep } from './cost.ts';
import { targets, type Line } from './plan.ts';
import { ask, coloursOf, feedWindow, openWindow } from './windows.ts';

const cores = 64;
const processes = 500;
const hz = 10;
/** After each hour, so that what is read is memory that is held, and not what is under way. */
const settleMs = 1_500;
/** Beyond the history that a day fills by plan: what the allocators give and take from hour to hour. */
const breathingBytes = 24e6;

/** The renderer's memory while a day of samples goes through the live view, hour by hour, as fast as it takes them. */
export async function measureReplay(hours: number): Promise<Line[]> {
  const window = await openWindow({ show: 'replay', cores, processes });
  const pid = window.webContents.getOSProcessId();
  const feeder = feedWindow(window, { kind: 'replay', cores, processes, hours, hz });
  const megabytes = (bytes: number): string => showNumber(bytes / 1e6);
  const afterHours: number[] = [];
  while (afterHours.length < hours) {
    const fromMs = performance.now();
    await once(feeder, 'message');
    const tookMs = performance.now() - fromMs;
    await sleep(settleMs);
    const held = rssBytes(pid);
    afterHours.push(held);
    // A day takes long: whoever waits sees that it goes on, and what grows before it is over.
    console.error(`hour ${afterHours.length}: ${megabytes(held)} MB, in ${showNumber(tookMs / 1000)} s`);
    feeder.postMessage('go on');
  }
  const plannedBytes = await ask<number>(window, `historyGrowth(${hours})`);
  const colours = await coloursOf(window);
  window.destroy();
  feeder.kill();
  const [first = Number.NaN] = afterHours;
  const last = afterHours.at(-1) ?? Number.NaN;
  const most = Math.max(...afterHours);
  const name = `${hours} h replayed, 64 cores, 500 processes`;
  return [
    {
      what: `${name}: renderer (${megabytes(first)} MB after 1 h, ${megabytes(last)} at the end)`,
      target: `<= ${targets.dayRssBytes / 1e6} MB`,
      measured: `${megabytes(most)} MB`,
      isMet: most <= targets.dayRssBytes,
    },
    {
      what: `${name}: growth after the first hour, of which ${megabytes(plannedBytes)} are the history's older blocks`,
      target: `<= ${megabytes(plannedBytes + breathingBytes)} MB`,
      measured: `${megabytes(last - first)} MB`,
      isMet: last - first <= plannedBytes + breathingBytes,
    },
    {
      what: `${name}: colours in the picture`,
      target: '>= 100',
      measured: String(colours),
      isMet: colours >= 100,
    },
  ];
}
