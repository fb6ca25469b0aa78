import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import { decode } from 'fast-png';
import {
  answerOpenDialog,
  answerSaveDialog,
  compare,
  dropFile,
  expect,
  goTo,
  screenshot,
  screenshotFolder,
  test,
  type App,
} from './app.ts';
import { axeFindings } from './axe.ts';
import { makeRecording } from './made-recording.ts';

function libraryFolder({ folder }: App): string {
  return join(folder, 'data', 'corescope', 'recordings');
}

async function inBothThemes(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator(`html[data-theme="${theme}"]`)).toHaveCount(1);
    await page.waitForTimeout(250);
    await screenshot(page, `${name}-${theme}`);
    expect(await axeFindings(page)).toEqual([]);
  }
}

test('an experiment is recorded, found again, looked at and exported', async ({ app }) => {
  const { page, folder } = app;
  await goTo(page, 'Experiment');
  await compare(page);
  await expect(page.getByText(/^Recorded: /)).toBeVisible();
  await goTo(page, 'Recordings');
  const row = page.getByRole('row', { name: /serial, threads, processes/ });
  await expect(row).toHaveCount(1);
  await expect(row.getByText('finished')).toBeVisible();

  const [name = ''] = readdirSync(libraryFolder(app));
  const first = join(libraryFolder(app), name);
  copyFileSync(first, join(libraryFolder(app), 'broken.corescope'));
  truncateSync(join(libraryFolder(app), 'broken.corescope'), 40_000);
  writeFileSync(join(libraryFolder(app), 'empty.corescope'), '');
  makeRecording(join(libraryFolder(app), 'other.corescope'), {
    title: 'other',
    cores: 16,
    processes: 40,
    ticks: 600,
  });
  await goTo(page, 'Experiment');
  await goTo(page, 'Recordings');
  await expect(page.getByText('4 recordings')).toBeVisible();
  await expect(page.getByText('unreadable')).toBeVisible();

  await row.getByText('finished', { exact: true }).click();
  const tags = page.getByRole('textbox', { name: /^Tags/ });
  await tags.fill('nightly, Node 22');
  await tags.press('Enter');
  await expect(row.getByText('Node 22')).toBeVisible();
  const title = page.getByRole('textbox', { name: 'Name' });
  await title.fill('<b>mine</b> & yours');
  await title.press('Enter');
  await expect(page.getByRole('button', { name: '<b>mine</b> & yours' })).toBeVisible();
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(page.getByRole('img', { name: 'pinned' })).toBeVisible();
  await inBothThemes(page, 'recordings-1-library');

  await page.getByRole('searchbox', { name: 'Search recordings' }).fill('tag:"node 22"');
  await expect(page.getByText('1 of 4 recordings')).toBeVisible();
  await page.getByRole('button', { name: '<b>mine</b> & yours' }).click();
  const picture = page.getByRole('application', { name: /^Recording from/ });
  await expect(picture).toBeVisible();
  await expect(page.getByRole('table').first()).toContainText(/node|Corescope/);
  await inBothThemes(page, 'recordings-2-open');

  await picture.focus();
  await picture.press('ArrowRight');
  await expect(page.getByTestId('cell-words')).toHaveText(/^core 0 at [\d:.]+: (\d|no sample)/);
  await picture.press('ArrowDown');
  await expect(page.getByTestId('cell-words')).toHaveText(/^core 1 at /);
  await expect(page.getByTestId('recorded-cell')).toBeVisible();
  await screenshot(page, 'recordings-7-cell');
  await picture.press('+');
  await picture.press('+');
  await picture.press('ArrowRight');
  await expect(page.getByText(/^[\d:.]+ to [\d:.]+ is shown$/)).toBeVisible();
  await page.getByRole('textbox', { name: /^Note/ }).fill('look <here>');
  await page.getByRole('button', { name: 'Add note' }).click();
  await expect(page.getByRole('button', { name: /look <here>/ })).toBeVisible();
  await screenshot(page, 'recordings-3-zoomed');
  const csv = join(folder, 'part.csv');
  await answerSaveDialog(app, csv);
  await page.getByRole('combobox', { name: /^Export/ }).selectOption('csv');
  await page.getByRole('button', { name: 'Save as…' }).click();
  await expect(page.getByText(`Saved to ${csv}`)).toBeVisible();
  expect(existsSync(csv)).toBe(true);

  // Every chart as a picture: of the recording by itself, and of any view as it is seen.
  const png = join(folder, 'charts.png');
  await answerSaveDialog(app, png);
  await page.getByRole('combobox', { name: /^Export/ }).selectOption('png');
  await page.getByRole('button', { name: 'Save as…' }).click();
  await expect(page.getByText(`Saved to ${png}`)).toBeVisible({ timeout: 30_000 });
  const seen = join(folder, 'view.png');
  await answerSaveDialog(app, seen);
  await page.keyboard.press('Control+K');
  await page.keyboard.type('picture of this view');
  await page.keyboard.press('Enter');
  await expect(page.getByText(`Saved to ${seen}`)).toBeVisible();
  for (const file of [png, seen]) {
    const { width, height } = decode(readFileSync(file));
    expect(Math.min(width, height)).toBeGreaterThan(400);
    copyFileSync(file, join(screenshotFolder, `saved-${basename(file)}`));
  }
});

test('recordings are opened from files, laid upon one another and thrown away', async ({ app }) => {
  const { page, folder } = app;
  const [one, two] = [join(folder, 'one.corescope'), join(folder, 'two.corescope')];
  makeRecording(one, { title: 'one', cores: 4, processes: 8, ticks: 300 });
  makeRecording(two, { title: 'two', cores: 8, processes: 8, ticks: 400, seed: 2, workload: 'sleep' });
  await goTo(page, 'Recordings');
  await expect(page.getByText('Nothing has been recorded yet.')).toBeVisible();
  await dropFile(page, one);
  await expect(page.getByRole('application', { name: /^Recording from/ })).toBeVisible();
  await screenshot(page, 'recordings-4-dropped');
  await page.getByRole('button', { name: '← Library' }).click();

  await app.electron.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
    },
    [one, two],
  );
  await page.getByRole('button', { name: 'Open file…' }).click();
  await expect(page.getByRole('heading', { name: 'Comparison of 2 recordings' })).toBeVisible();
  // The same by dropping both, wherever one is.
  await page.getByRole('button', { name: '← Library' }).click();
  await goTo(page, 'Start');
  await dropFile(page, [one, two]);
  await expect(page.getByRole('heading', { name: 'Comparison of 2 recordings' })).toBeVisible();
  await expect(page.getByText('Not comparable')).toBeVisible();
  await expect(page.getByText('They differ in workload.')).toBeVisible();
  const settings = page.getByRole('row', { name: /must be the same$/ });
  await expect(settings).toHaveText([/workload\s*count-loop\s*sleep/]);
  await inBothThemes(page, 'recordings-5-comparison');
  await page.getByRole('button', { name: '← Library' }).click();

  const foreign = join(folder, 'mprof.dat');
  writeFileSync(
    foreign,
    'CMDLINE python work.py\nMEM 10.5 1700000000.0\nMEM 92.5 1700000001.1\nMEM 40 1700000002.1\n',
  );
  await answerOpenDialog(app, foreign);
  await page.getByRole('button', { name: 'Open file…' }).click();
  await expect(page.getByText('Measured by mprof: python work.py')).toBeVisible();
  await inBothThemes(page, 'recordings-6-foreign');
  await page.getByRole('button', { name: '← Library' }).click();

  await answerOpenDialog(app, join(folder, 'gone.corescope'));
  await page.getByRole('button', { name: 'Open file…' }).click();
  await expect(page.getByRole('alert')).toContainText('it does not exist');
  expect(await page.title()).toBe('Corescope');
});

test('a recording that is removed can be taken back, and goes to the trash when it is not', async ({
  app,
}) => {
  const { page, folder } = app;
  mkdirSync(libraryFolder(app), { recursive: true });
  const [kept, gone] = ['kept', 'gone'].map((title) => {
    const path = join(libraryFolder(app), `${title}.corescope`);
    makeRecording(path, { title, cores: 2, processes: 4, ticks: 20 });
    return path;
  });
  await goTo(page, 'Recordings');
  await expect(page.getByText('2 recordings')).toBeVisible();

  const remove = async (title: string): Promise<void> => {
    await page
      .getByRole('row', { name: new RegExp(title) })
      .getByText('finished', { exact: true })
      .click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText(`“${title}” goes to the trash.`)).toBeVisible();
    await expect(page.getByRole('row', { name: new RegExp(title) })).toHaveCount(0);
  };
  await remove('kept');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('row', { name: /kept/ })).toHaveCount(1);

  await remove('gone');
  await screenshot(page, 'recordings-8-removed');
  await expect(() => expect(existsSync(gone ?? '')).toBe(false)).toPass({ timeout: 15_000 });
  expect(existsSync(kept ?? '')).toBe(true);
  // Where the system has no trash the user is asked, and nothing is gone; here it has one.
  await expect(page.getByText('goes to the trash')).toHaveCount(0);
  expect(readdirSync(join(folder, 'data', 'Trash', 'files'))).toEqual(['gone.corescope']);
});
