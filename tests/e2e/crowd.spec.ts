import type { Page } from '@playwright/test';
import type { EntityInfo, SampleFrame } from '../../src/shared/sample.ts';
import { drawnEntity, drawnFrame } from '../support/drawn-frame.ts';
import { drawnCore, drawnTopology } from '../support/drawn-topology.ts';
import { expect, goTo, screenshot, test } from './app.ts';
import { axeFindings } from './axe.ts';
import { replaceSampler, sendEntities, sendFrames, sendTopology } from './drawn-samples.ts';

const cores = 64;
const processes = 5000;

/** Two sockets of 16 cores with siblings; a cpuset keeps the work on the first. */
const machine = drawnTopology(
  Array.from({ length: cores }, (_, index) => {
    const physicalCore = index % (cores / 2);
    const socket = Math.floor(physicalCore / (cores / 4));
    return drawnCore({ index, socket, numaNode: socket, physicalCore, usable: socket === 0 });
  }),
  { count: 3, boundBy: 'quota', cpusetCores: 32, quotaCores: 3 },
);

/** A root with 20 masters, each with some 250 workers; one in a hundred rows is something else than a process. */
function crowd(): EntityInfo[] {
  return Array.from({ length: processes }, (_, index) => {
    const key = index + 1;
    const parentKey = index === 0 ? null : index <= 20 ? 1 : 2 + (index % 20);
    const kind = index > 20 && index % 100 === 0 ? 'thread' : 'process';
    const name = index === 0 ? 'init' : index <= 20 ? `master-${index}` : `job-${index}`;
    return drawnEntity({
      key,
      pid: kind === 'thread' ? 9999 + (2 + (index % 20)) : 10_000 + index,
      tid: kind === 'thread' ? 20_000 + index : null,
      kind,
      parentKey,
      rootPid: 10_000,
      name,
      commandLine: `/usr/bin/${name} --number ${index}`,
      user: 'me',
    });
  });
}

/** Row 4242 has 90 % of a core and 2 GB; a tenth of the rows changes from tick to tick. */
function crowdFrame(sequence: number): SampleFrame {
  const keys = Float64Array.from({ length: processes }, (_, index) => index + 1);
  const load = (key: number): number =>
    key === 4242 ? 0.9 : key % 10 === sequence % 10 ? ((key * 37) % 100) / 400 : 0.01;
  return drawnFrame({
    sequence,
    atMs: sequence * 500,
    requestedEveryMs: 500,
    everyMs: 1000,
    throttledShare: 0.32,
    ownCpuShare: 0.008,
    ownRssBytes: 60e6,
    coreBusy: Float64Array.from(
      { length: cores },
      (_, core) => Math.abs(Math.sin(core * 1.7 + sequence / 6)) * (core % 32 < 16 ? 1 : 0.3),
    ),
    keys,
    cpuShare: keys.map(load),
    totalCpuShare: keys.map(load),
    waitShare: keys.map((key) => load(key) / 3),
    pssBytes: keys.map((key) => (key === 4242 ? 2e9 : 1e6 + key)),
    rssBytes: keys.map((key) => (key === 4242 ? 2.2e9 : 3e6 + key)),
  });
}

/** Time until what a click caused has been painted. */
async function clickToPaintMs(page: Page, name: string): Promise<number> {
  return page.getByRole('button', { name, exact: true }).evaluate(async (button: HTMLElement) => {
    const startMs = performance.now();
    button.click();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    return performance.now() - startMs;
  });
}

test('a machine with 64 cores and 5 000 processes is shown, sorted, filtered and copied', async ({
  app,
}, testInfo) => {
  const { page } = app;
  await replaceSampler(page);
  // The page was loaded anew, and begins at Start.
  await goTo(page, 'Experiment');
  await sendTopology(page, machine);
  await sendEntities(page, crowd());
  await sendFrames(page, [crowdFrame(1), crowdFrame(2)]);

  const grid = page.getByRole('treegrid');
  await expect(page.getByTestId('run-tree')).toContainText('init');
  await expect(grid).toHaveAttribute('aria-rowcount', String(processes + 3));
  // Only what is in sight exists.
  expect(await grid.getByRole('row').count()).toBeLessThan(60);
  await expect(page.getByTestId('usable-cores')).toHaveText('3 usable cores (bound by quota)');
  await expect(page.getByTestId('slowed')).toContainText('sampling slowed to 1 of 2 Hz');
  await expect(page.getByTestId('throttled')).toHaveText('32.0 %');

  const sortMs = await clickToPaintMs(page, 'CPU');
  for (let sequence = 3; sequence <= 60; sequence += 6) {
    await sendFrames(
      page,
      Array.from({ length: 6 }, (_, step) => crowdFrame(sequence + step)).filter(
        (frame) => frame.sequence <= 60,
      ),
    );
  }
  await expect(page.getByRole('columnheader', { name: 'CPU', exact: true })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await expect(page.getByText('not usable', { exact: true })).toBeVisible();
  // The busiest row of all stands on the topmost branch.
  await expect(page.getByTestId('run-tree').getByRole('row').nth(2)).toContainText('job-4241');
  await page.waitForTimeout(700);
  await screenshot(page, 'crowd-1-sorted');
  // Thousands of per cent have room too.
  const sums = grid.getByRole('row', { name: /in total/ }).getByRole('gridcell');
  await expect(sums.filter({ hasText: /^\s*\d{5} %\s*$/ })).toHaveCount(2);
  const areCut = await sums.evaluateAll((cells) => cells.map((cell) => cell.scrollWidth > cell.clientWidth));
  expect(areCut).not.toContain(true);

  const filter = page.getByRole('searchbox', { name: 'Filter processes' });
  await filter.fill('cpu>50 mem>1GB');
  await expect(grid).toHaveAttribute('aria-rowcount', String(3 + 3));
  await expect(page.getByTestId('run-tree')).toContainText('job-4241');
  await expect(page.getByTestId('run-tree')).toContainText('init');
  await screenshot(page, 'crowd-2-filtered');

  await page.getByRole('button', { name: 'Copy CSV' }).click();
  await expect(page.getByText('3 rows copied')).toBeVisible();
  const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
  const lines = copied.trimEnd().split('\r\n');
  expect(lines[0]).toBe(
    'depth,worker,name,command line,CPU (cores),CPU total (cores),Wait (cores),PSS (bytes),RSS (bytes)',
  );
  expect(lines[3]).toBe('2,,job-4241,/usr/bin/job-4241 --number 4241,0.9,0.9,0.3,2000000000,2200000000');

  await filter.fill('luck>7');
  await expect(page.getByText('"luck" cannot be compared')).toBeVisible();
  await filter.fill('');

  // To the last row and back by the keyboard alone.
  await grid.focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('row', { selected: true })).toBeInViewport();
  await page.keyboard.press('Home');
  await expect(page.getByRole('row', { selected: true })).toContainText('init');
  await page.keyboard.press('ArrowLeft');
  await expect(grid).toHaveAttribute('aria-rowcount', String(1 + 3));
  await expect(page.getByRole('row', { selected: true })).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('region', { name: 'Details of init' })).toContainText(
    '/usr/bin/init --number 0',
  );
  expect(await axeFindings(page)).toEqual([]);
  await screenshot(page, 'crowd-3-details');
  testInfo.annotations.push({ type: 'measured', description: `sort to paint ${sortMs.toFixed(1)} ms` });
  console.log(`5 000 rows: sort to paint ${sortMs.toFixed(1)} ms`);
});
