import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import {
  answerOpenDialog,
  appArguments,
  expect,
  goTo,
  launchApp,
  screenshot,
  test,
  type App,
} from './app.ts';
import { axeFindings } from './axe.ts';

test.use({ firstView: 'Start' });

test('the worked example is started with one click and explained in words', async ({ app }) => {
  const { page } = app;
  await expect(page.getByRole('heading', { name: 'What do you want to know?' })).toBeVisible();
  await screenshot(page, 'start-1');
  await page.getByRole('button', { name: 'Run the example' }).click();
  const guide = page.getByTestId('guide');
  await expect(guide).toContainText('Now', { timeout: 30_000 });
  await screenshot(page, 'start-2-example');
  await expect(guide).toContainText(/Two threads were [\d.]+ times as fast as one worker/, {
    timeout: 120_000,
  });
  await screenshot(page, 'start-3-answer');
  expect(await axeFindings(page)).toEqual([]);
  await goTo(page, 'Start');
  const recent = page.getByRole('region', { name: 'Recent' });
  await expect(recent).toContainText('count-loop in Python');
  // Another window knows of the experiment too, and of what was done lately.
  const opened = app.electron.waitForEvent('window');
  await page.keyboard.press('Control+Shift+N');
  const second = await opened;
  await expect(second.getByRole('region', { name: 'Recent' })).toContainText('count-loop in Python');
  await goTo(second, 'Experiment');
  await expect(second.getByRole('button', { name: 'Save report' })).toBeEnabled();
  await expect(second.getByText(/of 10 Hz/)).not.toContainText('n/a', { timeout: 10_000 });
  await second.close();
  await recent.getByRole('button', { name: /count-loop in Python/ }).click();
  await expect(page.getByRole('radio', { name: /^Quick/ })).toBeChecked();
});

/** The native menu's titles, without the marks of their letters. */
function menuOf({ electron }: App): Promise<string[]> {
  return electron.evaluate(
    ({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label.replace('&', '')) ?? [],
  );
}

async function chooseFromMenu({ electron }: App, menu: string, item: string): Promise<void> {
  await electron.evaluate(
    ({ Menu }, path) => {
      const titled = Menu.getApplicationMenu()?.items.find(
        ({ label }) => label.replace('&', '') === path.menu,
      );
      const chosen = titled?.submenu?.items.find(({ label }) => label === path.item);
      if (chosen === undefined) throw new Error(`the menu ${path.menu} has no ${path.item}`);
      // Electron types it as a bare `Function`.
      Reflect.apply(chosen.click, chosen, []);
    },
    { menu, item },
  );
}

/** What a person without a pointer does: by the palette alone. */
async function runCommand(page: Page, letters: string): Promise<void> {
  await page.keyboard.press('Control+K');
  await expect(page.getByRole('combobox', { name: 'Find a command' })).toBeFocused();
  await page.keyboard.type(letters);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

test('rail, palette and settings are used with the keyboard alone, in every theme', async ({ app }) => {
  const { page } = app;
  await page.keyboard.press('Control+K');
  await page.keyboard.type('contrast');
  await expect(page.getByRole('option', { selected: true })).toContainText('High contrast theme');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  const rail = page.getByRole('navigation', { name: 'Views' }).getByRole('button');
  const views = (await rail.allInnerTexts()).map((title) => title.trim()).filter((t) => t !== 'Commands');
  for (const [index, title] of views.entries()) {
    await page.keyboard.press(`Control+${index + 1}`);
    await expect(rail.filter({ hasText: title })).toHaveAttribute('aria-current', 'page');
  }
  await chooseFromMenu(app, 'View', 'Start');
  await expect(page.getByRole('heading', { name: 'What do you want to know?' })).toBeVisible();
  expect(await menuOf(app)).toEqual(['File', 'Edit', 'Experiment', 'View', 'Window', 'Help']);

  for (const [letters, look] of [
    ['light theme', 'light'],
    ['dark theme', 'dark'],
    ['high contrast', 'high-contrast'],
  ] as const) {
    await runCommand(page, letters);
    await expect(page.locator('html')).toHaveAttribute('data-theme', look);
    await page.keyboard.press('Control+K');
    await page.keyboard.type('s');
    expect(await axeFindings(page)).toEqual([]);
    await screenshot(page, `palette-${look}`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});

test('a field has the menu that every field of the system has', async ({ app }) => {
  const { page } = app;
  await app.electron.evaluate(({ Menu }) => {
    const prototype = Menu.prototype as { popup: (this: { items: { role?: string }[] }) => void };
    prototype.popup = function () {
      Object.assign(globalThis, { poppedRoles: this.items.map(({ role }) => role ?? '-') });
    };
  });
  await page.getByRole('textbox', { name: 'Command' }).click({ button: 'right' });
  const popped = (): Promise<unknown> =>
    app.electron.evaluate(() => (globalThis as unknown as { poppedRoles?: string[] }).poppedRoles);
  await expect.poll(popped).toContain('paste');
});

test('settings hold over a restart, can be reset and taken back, and a broken file is kept aside', async ({
  app,
}) => {
  const { page, folder } = app;
  const file = join(folder, 'profile', 'settings.json');
  const stored = (): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);
  await goTo(page, 'Settings');
  const rate = page.getByRole('spinbutton', { name: /Samples per second/ });
  await rate.fill('1000');
  await expect(page.getByText('From 1 to 100; until then it stays at 10.')).toBeVisible();
  await rate.fill('5');
  await page.getByRole('button', { name: 'Larger' }).click();
  await page.getByRole('spinbutton', { name: /Time limit of a run/ }).fill('90');
  await expect(page.getByText('when Corescope is started again')).toBeVisible();
  await expect.poll(stored).toMatchObject({ samplerHz: 5, uiScale: 1.1, timeLimitMs: 90_000 });
  await screenshot(page, 'settings-changed');

  await page.getByRole('button', { name: 'Reset all' }).click();
  await expect.poll(stored).toMatchObject({ samplerHz: 10, uiScale: 1 });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(stored).toMatchObject({ samplerHz: 5, uiScale: 1.1 });

  const strange = join(folder, 'strange.json');
  writeFileSync(strange, '{ "samplerHz": 5000 }');
  await answerOpenDialog(app, strange);
  await page.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByRole('alert')).toContainText('samplerHz');
  await app.electron.close();

  const again = await launchApp(folder);
  await expect(again.page.getByText(/of 5 Hz/)).toBeVisible();
  await again.electron.close();

  writeFileSync(file, '{ "samplerHz": ');
  const third = await launchApp(folder);
  await expect(third.page.getByRole('alert')).toContainText('the usual ones hold');
  await expect(third.page.getByText(/of 10 Hz/)).toBeVisible();
  expect(readFileSync(`${file}.broken`, 'utf8')).toBe('{ "samplerHz": ');
  await third.electron.close();
});

test('interpreters, the folder of recordings and limits are chosen, and what will not do is refused', async ({
  app,
}) => {
  const { page, folder } = app;
  await goTo(page, 'Settings');
  const settings = page.getByRole('main', { name: 'Settings' });
  const choose = async (what: string, path: string): Promise<void> => {
    await answerOpenDialog(app, path);
    await settings
      .getByRole('group', { name: what, exact: true })
      .getByRole('button', { name: /Choose|Change/ })
      .click();
  };
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'no program');
  await choose('Python', text);
  await expect(settings.getByRole('alert')).toContainText(`${text} names no program that can be run.`);
  await choose('Node', process.execPath);
  const node = settings.getByRole('group', { name: 'Node', exact: true });
  await expect(node).toContainText(process.versions.node);
  await expect(node).toContainText(process.execPath);
  await expect(settings.getByRole('alert')).toHaveCount(0);
  await choose('Folder', folder);
  await expect(settings.getByText(folder, { exact: true })).toBeVisible();
  await settings.getByRole('checkbox', { name: /Memory limit of my own/ }).check();
  // Half of the machine's, to a tenth of a GB: a number as somebody would type it.
  await expect(settings.getByRole('spinbutton', { name: /Memory limit of a run/ })).toHaveValue(
    /^\d+(\.\d)?$/,
  );
  expect(await axeFindings(page)).toEqual([]);
  await screenshot(page, 'settings-chosen');
  await settings.getByRole('button', { name: 'Reset all' }).click();
  await expect(node).toContainText('the first on PATH');
});

test('a window comes back where it was, and a second start hands its file over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'corescope-e2e-'));
  const first = await launchApp(folder);
  const place = { x: 40, y: 60, width: 1000, height: 700 };
  await first.electron.evaluate(({ BrowserWindow }, bounds) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(bounds);
  }, place);
  await first.page.waitForTimeout(300);
  await first.electron.close();

  const second = await launchApp(folder);
  const bounds = await second.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  );
  expect(bounds).toEqual(place);

  const work = join(folder, 'work.py');
  writeFileSync(work, 'def work():\n    return 1\n');
  const electronFile = createRequire(import.meta.url)('electron') as unknown as string;
  const handOver = spawn(electronFile, [...appArguments(folder), work], { stdio: 'ignore' });
  const ended = new Promise((resolve) => handOver.on('exit', resolve));
  await expect(second.page.getByText('work.py')).toBeVisible({ timeout: 20_000 });
  await expect(second.page.getByText('Name the function of your Python file.')).toBeVisible();
  expect(await ended).toBe(0);
  expect(second.electron.windows()).toHaveLength(1);
  await second.electron.close();
  rmSync(folder, { recursive: true, force: true });
});
