import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, projectFolder, shareApp, test } from './app.ts';
import { makeRecording } from './made-recording.ts';

// Every view is used here without a pointer: what a journey cannot reach by keys, it cannot do.
const sharedApp = shareApp({ environment: {}, appTheme: 'dark', firstView: 'Start' });

/** More than any view has. */
const mostStops = 150;

/** What has the focus, as a screen reader would name it, in short. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return '';
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const name = element.getAttribute('aria-label') ?? labels.map((label) => label.textContent).join(' ');
    return (name.trim() === '' ? element.textContent : name).replaceAll(/\s+/g, ' ').trim();
  });
}

/** Presses Tab until what bears that name has the focus, and looks whether that can be seen. */
async function tabTo(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let stop = 0; stop < mostStops; stop += 1) {
    await page.keyboard.press(key);
    const focused = await focusedName(page);
    if (!name.test(focused)) {
      passed.push(focused);
      continue;
    }
    const isSeen = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null) return false;
      // A radio button hides under its label, and a table shows the focus on its frame.
      const shown = [element, element.closest('label'), element.parentElement];
      return shown.some((each) => {
        if (each === null) return false;
        const own = getComputedStyle(each);
        const after = getComputedStyle(each, '::after');
        return own.outlineStyle !== 'none' || (after.content !== 'none' && after.borderStyle !== 'none');
      });
    });
    expect(isSeen, `the focus on ${focused} can be seen`).toBe(true);
    return;
  }
  throw new Error(`Tab does not reach ${String(name)}; it passes ${passed.join(' | ')}`);
}

test('Start: a command is typed and prepared', async () => {
  const { page } = sharedApp();
  await tabTo(page, /^Command$/);
  await page.keyboard.type('node --version');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('radio', { name: /^Command/ })).toBeChecked();
  await expect(page.getByRole('textbox', { name: 'Command' }).last()).toHaveValue('node --version');
});

test('Experiment: a comparison is started and cancelled', async () => {
  const { page } = sharedApp();
  await page.keyboard.press('Control+4');
  await tabTo(page, /^Command/);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('radio', { name: /^Node/ })).toBeChecked();
  await tabTo(page, /^Compare$/);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('status')).toContainText('Run ', { timeout: 30_000 });
  expect(await focusedName(page)).toBe('Cancel');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Cancelled after/)).toBeVisible();
});

test('Live: a cell speaks, a range is selected, the picture becomes a table', async () => {
  const { page } = sharedApp();
  await page.keyboard.press('Control+2');
  const view = page.locator('.view:not([hidden])');
  await tabTo(page, /^How busy each core is/);
  await page.keyboard.press('ArrowLeft');
  await expect(view.getByTestId('cell-voice')).toHaveText(/^core \d+, [\d:.]+, \d+ % busy$/);
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('Shift+ArrowLeft');
  await expect(page.getByRole('heading', { name: /^Selected: / })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: /^Shown: / })).toBeVisible();
  await tabTo(page, /^As a table$/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(view.getByTestId('cell-table')).toContainText('core 0');
});

test('Watch: a process is found, watched, looked into and let go', async () => {
  const { page } = sharedApp();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', 'by-keys'], {
    stdio: 'ignore',
  });
  try {
    await page.keyboard.press('Control+3');
    await tabTo(page, /^Search processes$/);
    await page.keyboard.type(`by-keys ${child.pid}`);
    await expect(page.getByText(/^1 of \d+ processes$/)).toBeVisible();
    await tabTo(page, /^Watch node/);
    await page.keyboard.press('Enter');
    const card = page.getByTestId(`watched-${child.pid}`);
    await expect(card).toContainText('watched for');
    // Until its first frame is there the table shows the last run, whose rows may be called node as well.
    await expect(page.getByRole('treegrid').getByText(/by-keys/)).toBeVisible();
    await tabTo(page, /^Processes and worker threads/);
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('region', { name: 'Details of node' })).toBeVisible();
    await tabTo(page, /^Stop watching$/, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(card).toContainText('not watched any more');
  } finally {
    child.kill('SIGKILL');
  }
});

test('Differences: a row is explained', async () => {
  const { page, folder } = sharedApp();
  copyFileSync(
    join(projectFolder, 'tests/fixtures/differences/two-cores.json'),
    join(folder, 'profile', 'differences.json'),
  );
  await page.keyboard.press('Control+5');
  await expect(page.getByRole('button', { name: 'messages' })).toBeVisible();
  await tabTo(page, /^messages$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'messages' })).toHaveAttribute('aria-expanded', 'true');
});

test('Recordings: one is found, opened, zoomed into and left', async () => {
  const { page, folder } = sharedApp();
  const library = join(folder, 'data', 'corescope', 'recordings');
  mkdirSync(library, { recursive: true });
  makeRecording(join(library, 'evening.corescope'), {
    title: 'An evening',
    cores: 4,
    processes: 4,
    ticks: 100,
  });
  await page.keyboard.press('Control+6');
  await tabTo(page, /^Search recordings$/);
  await page.keyboard.type('evening');
  await tabTo(page, /^An evening$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Recording from/);
  await page.keyboard.press('+');
  await expect(page.getByText(/^[\d:.]+ to [\d:.]+ is shown$/)).toBeVisible();
  await tabTo(page, /Library$/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('searchbox', { name: 'Search recordings' })).toBeVisible();
});

test('Settings: the theme and the size are changed and taken back', async () => {
  const { page } = sharedApp();
  await page.keyboard.press('Control+7');
  await tabTo(page, /^System$/);
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.keyboard.press('Control+=');
  await expect(page.getByRole('status', { name: 'Size' })).toHaveText('110 %');
  await tabTo(page, /^Reset all$/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('status', { name: 'Size' })).toHaveText('100 %');
});
