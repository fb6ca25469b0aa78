import type { ExperimentEvent } from '../../src/shared/experiment-event.ts';
import type { SampleFrame } from '../../src/shared/sample.ts';
import { drawnEntity, drawnFrame } from '../support/drawn-frame.ts';
import { drawnCore, drawnTopology } from '../support/drawn-topology.ts';
import { expect, goTo, screenshot, setTheme, shareApp, test, type App } from './app.ts';
import { axeFindings } from './axe.ts';
import { replaceSampler, sendEntities, sendFrames, sendTopology } from './drawn-samples.ts';

const sharedApp = shareApp();
const cores = 8;
const everyMs = 100;
/** Two sockets with two cores each, siblings together. */
const machine = drawnTopology(
  Array.from({ length: cores }, (_, index) => {
    const physicalCore = index % (cores / 2);
    const socket = Math.floor(physicalCore / 2);
    return drawnCore({ index, socket, numaNode: socket, physicalCore });
  }),
);
const run = drawnEntity({ key: 1, pid: 100, commandLine: 'node work.js' });
const workers = [1, 2, 3].map((number) =>
  drawnEntity({
    key: 1 + number,
    kind: 'thread',
    pid: 100,
    tid: 200 + number,
    parentKey: 1,
    name: `worker ${number}`,
  }),
);

/** A run from 5 s on: three workers, each on one core for 3 s, then on the next. */
function frameAt(tick: number): SampleFrame {
  const atMs = tick * everyMs;
  const isOn = atMs >= 5_000;
  const coreOf = (worker: number): number => (Math.floor(atMs / 3_000) + 2 * worker) % cores;
  const placed = [0, 1, 2].map(coreOf);
  const coreBusy = Float64Array.from({ length: cores }, (_, core) =>
    isOn && placed.includes(core) ? 0.97 : 0.04 + 0.03 * Math.abs(Math.sin(core * 2.1 + tick / 5)),
  );
  if (!isOn) return drawnFrame({ sequence: tick, atMs, coreBusy });
  const usedMs = atMs - 5_000;
  return drawnFrame({
    sequence: tick,
    atMs,
    coreBusy,
    keys: Float64Array.of(1, 2, 3, 4),
    cpuShare: Float64Array.of(2.9, 0.97, 0.97, 0.96),
    totalCpuShare: Float64Array.of(2.9, 0.97, 0.97, 0.96),
    cpuMs: Float64Array.of(2.9 * usedMs, 0.97 * usedMs, 0.97 * usedMs, 0.96 * usedMs),
    totalCpuMs: Float64Array.of(2.9 * usedMs, 0.97 * usedMs, 0.97 * usedMs, 0.96 * usedMs),
    waitShare: Float64Array.of(0.5, 0.1, 0.1 + 0.3 * Math.abs(Math.sin(tick / 9)), 0.2),
    pssBytes: Float64Array.of(60e6 + usedMs * 2e3, Number.NaN, Number.NaN, Number.NaN),
    totalPssBytes: Float64Array.of(60e6 + usedMs * 2e3, Number.NaN, Number.NaN, Number.NaN),
    rssBytes: Float64Array.of(90e6 + usedMs * 3e3, Number.NaN, Number.NaN, Number.NaN),
    totalRssBytes: Float64Array.of(90e6 + usedMs * 3e3, Number.NaN, Number.NaN, Number.NaN),
    lastCore: Float64Array.of(Number.NaN, ...placed),
  });
}

/** As the app's main process passes the engine's events on. */
async function announceWorkers({ electron }: App): Promise<void> {
  const events = workers.map(({ name, pid, tid }, index): ExperimentEvent => ({
    type: 'worker-ready',
    order: 1,
    worker: { index, name, pid, tid, kind: 'thread' },
    atMs: 5_000,
  }));
  await electron.evaluate(({ BrowserWindow }, text) => {
    const sent: unknown = JSON.parse(text);
    for (const event of Array.isArray(sent) ? (sent as unknown[]) : []) {
      BrowserWindow.getAllWindows()[0]?.webContents.send('experiment:event', event);
    }
  }, JSON.stringify(events));
}

test('a range is selected with mouse and keys, and everything is counted anew for it', async () => {
  const app = sharedApp();
  const { page } = app;
  await replaceSampler(page);
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Live' }).click();
  await sendTopology(page, machine);
  await sendEntities(page, [run, ...workers]);
  await announceWorkers(app);
  await sendFrames(
    page,
    Array.from({ length: 250 }, (_, tick) => frameAt(tick + 1)),
  );

  const timeline = page.getByRole('application');
  // Views that were visited stay in the page, hidden.
  const view = page.locator('.view:not([hidden])');
  const figures = view.getByTestId('range-figures');
  await expect(figures).toContainText('of 8');
  const box = await timeline.boundingBox();
  if (box === null) throw new Error('the timeline has no place');
  // The plot begins 84 px from the left and ends 26 px before the right edge; the window shows 30 s.
  const xOf = (ms: number): number => box.x + 84 + (ms / 30_000) * (box.width - 84 - 26);
  await page.mouse.move(xOf(8_000), box.y + 60);
  await page.mouse.down();
  await page.mouse.move(xOf(12_000), box.y + 80, { steps: 6 });
  await page.mouse.up();
  await expect(page.getByRole('heading', { name: /^Selected: (4\.0\d|3\.9\d) s$/ })).toBeVisible();
  await expect(view.getByTestId('tree-range')).toContainText('in the selected');
  // Three workers at 97 % and five cores at some 6 %.
  await expect(figures).toContainText(/Cores busy 3\.2\d of 8/);
  await expect(figures).toContainText(/Effective cores 2\.90/);
  await expect(figures).toContainText(/CPU of the work 11\.[4-8]\d s/);
  await expect(view.getByTestId('run-tree')).toContainText('290 %');
  await page.mouse.move(box.x + 20, box.y + 20);
  await screenshot(page, 'live-1-selected-dark');
  await setTheme(page, 'light');
  await screenshot(page, 'live-2-selected-light');

  await timeline.focus();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: /^Shown: 30\.0 s$/ })).toBeVisible();
  await page.keyboard.press('w');
  await expect(page.getByRole('heading', { name: /^Shown: 20\.0 s$/ })).toBeVisible();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page.getByRole('heading', { name: /^Shown: 30\.0 s$/ })).toBeVisible();
  await page.mouse.move(xOf(10_000), box.y + 60);
  await page.mouse.wheel(0, -240);
  await expect(page.getByRole('heading', { name: /^Shown: 20\.9 s$/ })).toBeVisible();
  await page.keyboard.press('a');
  await expect(figures).toContainText(/^From, to 0:0\d\.\d to/);
  await page.keyboard.press('Home');
  await expect(figures).toContainText(/^From, to 0:00\.1 to 0:2[01]\.\d/);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Shown: 30\.0 s$/ })).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowDown');
  await expect(view.getByTestId('cell-voice')).toHaveText(/^core \d, 0:2\d\.\d, \d+ % busy$/);
  await expect(page.getByRole('button', { name: 'Back to live' })).toBeVisible();
  for (let step = 0; step < 8; step += 1) await page.keyboard.press('Shift+ArrowLeft');
  await expect(page.getByRole('heading', { name: /^Selected: 2\.00 s$/ })).toBeVisible();

  await view.getByTestId('heat-mode').selectOption('workers');
  await expect(view.getByTestId('legend')).toContainText('worker 1');
  await page.getByRole('button', { name: 'As a table' }).click();
  await expect(view.getByTestId('cell-table')).toContainText('worker 2');
  await screenshot(page, 'live-3-workers-light');
  expect(await axeFindings(page)).toEqual([]);
  await setTheme(page, 'dark');
  await view.getByTestId('heat-mode').selectOption('wait');
  await expect(view.getByTestId('legend')).toContainText('waits all the time');
  await view.getByTestId('heat-mode').selectOption('lines');
  await expect(view.getByTestId('legend')).toContainText('height: share of the time');
  await page.keyboard.press('Escape');
  await timeline.focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys of the timeline' })).toBeVisible();
  await screenshot(page, 'live-4-keys-dark');
  expect(await axeFindings(page)).toEqual([]);
});

test('with reduced motion the picture takes a step a second, says so, and nothing slides', async () => {
  const { page } = sharedApp();
  await replaceSampler(page);
  await goTo(page, 'Live');
  await sendTopology(page, machine);
  const picture = page.locator('.view:not([hidden]) [aria-roledescription="live timeline"] > canvas');
  let sent = 0;
  // A second each: session time that keeps ahead of the real one never looks stalled.
  const sendNext = async (): Promise<void> => {
    sent += 10;
    await sendFrames(page, [frameAt(sent)]);
  };
  const box = await picture.boundingBox();
  if (box === null) throw new Error('the picture has no place');
  // Of the cores only: captions of the lanes follow a moment later, and would be counted as a step of their own.
  const clip = { ...box, height: 40 };
  const look = async (): Promise<string> => (await page.screenshot({ clip })).toString('base64');

  await sendNext();
  for (let step = 0; step < 3; step += 1) {
    const before = await look();
    await sendNext();
    await expect.poll(look, 'each sample is drawn').not.toBe(before);
  }

  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect(page.getByTestId('pace-note').last()).toHaveText('drawn once a second: reduced motion');
  const button = page.getByRole('button', { name: 'Pause' });
  expect(await button.evaluate((element) => getComputedStyle(element).transitionDuration)).toBe('0s');
  const pictures = [await look()];
  const fromMs = performance.now();
  // Long enough for a step, however quick the machine is.
  while (performance.now() - fromMs < 2500) {
    await sendNext();
    pictures.push(await look());
  }
  const mostSteps = 1 + Math.floor((performance.now() - fromMs) / 900);
  const steps = pictures.filter((each, index) => index > 0 && each !== pictures[index - 1]).length;
  expect(steps).toBeLessThanOrEqual(mostSteps);
  expect(mostSteps, 'otherwise every sample could have been drawn').toBeLessThan(pictures.length - 1);
  expect(steps).toBeGreaterThan(0);
});
