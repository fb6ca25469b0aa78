import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { compare, expect, goTo, projectFolder, screenshot, test } from './app.ts';
import { axeFindings } from './axe.ts';
import { makeRecording } from './made-recording.ts';

/** A table that was really measured; measuring one takes longer than a test should. */
const measuredTable = join(projectFolder, 'tests/fixtures/differences/two-cores.json');

const looks = ['light', 'dark', 'high-contrast'] as const;
const nameOfLook = { light: 'Light', dark: 'Dark', 'high-contrast': 'High contrast' } as const;

async function choose(page: Page, look: (typeof looks)[number]): Promise<void> {
  await goTo(page, 'Settings');
  await page.getByRole('group', { name: 'Theme' }).getByRole('radio', { name: nameOfLook[look] }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', look);
}

test('axe finds nothing in any view in any theme', async ({ app }) => {
  const { page, folder } = app;
  const library = join(folder, 'data', 'corescope', 'recordings');
  mkdirSync(library, { recursive: true });
  makeRecording(join(library, 'loaded.corescope'), {
    title: 'A crowded evening',
    cores: 16,
    processes: 40,
    ticks: 600,
  });
  copyFileSync(measuredTable, join(folder, 'profile', 'differences.json'));
  await compare(page);

  const views = (await page.getByRole('navigation', { name: 'Views' }).getByRole('button').allInnerTexts())
    .map((title) => title.trim())
    .filter((title) => title !== 'Commands');
  // What is set is followed at once, everywhere.
  await goTo(page, 'Settings');
  await page.getByRole('radio', { name: /^The machine/ }).check();
  await page.getByRole('radio', { name: 'Viridis' }).check();
  await expect(page.getByTestId('sampler-cost')).toContainText('of the machine');
  await goTo(page, 'Experiment');
  await expect(page.locator('.view:not([hidden]) .scale').first()).toHaveCSS(
    'background-image',
    /rgb\(253, 231, 37\)/,
  );
  await screenshot(page, 'gallery-settings-followed');
  await goTo(page, 'Settings');
  await page.getByRole('radio', { name: 'One core' }).check();
  await page.getByRole('radio', { name: 'Inferno' }).check();

  // In the smallest window that there can be nothing is cut off at its right edge.
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(900, 600));
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(900);
  for (const view of views) {
    await goTo(page, view);
    const beyondPx = await page.locator('.view:not([hidden])').evaluate((shown) => {
      const parts = 'main, main > div, section, h2, header button';
      const panels = [...shown.querySelectorAll(parts), ...document.querySelectorAll('.shell > header > *')];
      return Math.max(...panels.map((panel) => panel.getBoundingClientRect().right)) - window.innerWidth;
    });
    expect.soft(beyondPx, `${view} at 900 pixels`).toBeLessThanOrEqual(0);
    await screenshot(page, `smallest-${view.toLowerCase()}`);
  }
  // Not even at a large scale is a view out of reach of the pointer.
  const scaleTo = (uiScale: number): Promise<unknown> =>
    page.evaluate((scale) => window.corescope.request('settings:change', { uiScale: scale }), uiScale);
  await scaleTo(1.5);
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(600);
  for (const view of views) await goTo(page, view);
  await goTo(page, 'Watch');
  const heading = page.getByRole('columnheader', { name: 'Process', exact: true });
  expect((await heading.boundingBox())?.width).toBeGreaterThan(60);
  await scaleTo(1);
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1440, 900));

  for (const look of looks) {
    await choose(page, look);
    for (const view of views) {
      await goTo(page, view);
      expect.soft(await axeFindings(page), `${view}, ${look}`).toEqual([]);
      // Axe has taken so long that everything is drawn by now.
      await screenshot(page, `gallery-${view.toLowerCase()}-${look}`);
    }
  }
});
