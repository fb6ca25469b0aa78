import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDifferences } from '../../src/engine/differences/report-schema.ts';
import { followAttention, readAttention } from './attention.ts';
import { axeFindings } from './axe.ts';
import {
  answerSaveDialog,
  expect,
  inBothThemes,
  projectFolder,
  screenshot,
  startComparison,
  test,
} from './app.ts';

/** A table that was really measured; measuring one takes longer than a test should. */
const measuredTable = join(projectFolder, 'tests/fixtures/differences/two-cores.json');

/** Command lines of what exists now and belongs to a run of this checkout. */
function processesOfRuns(): string[] {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(projectFolder) && /run-host|resources.(python|differences)/.test(line));
}

test('the table that was kept is shown, explained, copied and saved', async ({ app }) => {
  const { page, folder } = app;
  copyFileSync(measuredTable, join(folder, 'profile', 'differences.json'));
  await page.getByRole('button', { name: 'Differences' }).click();
  const table = page.getByRole('table', { name: /Threads against processes/ });
  await expect(table.getByRole('row', { name: /a worker crashes/ })).toContainText('others go on');
  await expect(page.getByText('I/O-bound').first()).toBeVisible();
  await inBothThemes(page, 'differences-table');

  const row = table.getByRole('button', { name: 'messages' });
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(row).toHaveAttribute('aria-expanded', 'true');
  await expect(table).toContainText('echo: round trips of 64 bytes');
  await expect(table.getByText(/MB\/s$/).first()).toBeVisible();
  await table.getByRole('button', { name: 'Explain all' }).click();
  await expect(table).toContainText('SIGKILL from outside');
  await inBothThemes(page, 'differences-explained');

  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(page.getByText('Copied as Markdown')).toBeVisible();
  const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain('## Threads and processes, measured');
  const path = join(folder, 'differences.json');
  await answerSaveDialog(app, path);
  await page.getByRole('button', { name: 'Save JSON' }).click();
  await expect(page.getByText(`Saved to ${path}`)).toBeVisible();
  expect(parseDifferences(readFileSync(path, 'utf8'))).toEqual(
    parseDifferences(readFileSync(measuredTable, 'utf8')),
  );
});

test('a measurement tells what it does, keeps experiments out, and leaves nothing when it is cancelled', async ({
  app,
}) => {
  const { page } = app;
  await page.getByRole('button', { name: 'Differences' }).click();
  await expect(page.getByText('Nothing has been measured yet.')).toBeVisible();
  await expect(page.getByRole('radio', { name: /^Quick/ })).toBeChecked();
  await followAttention(app);
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(page.getByText('Node: execution model')).toBeVisible();
  await expect(page.getByText(/%, about \d+ s left/)).toBeVisible();
  await expect(page.getByText('Node: waiting')).toBeVisible({ timeout: 30_000 });
  expect(await axeFindings(page)).toEqual([]);
  await screenshot(page, 'differences-measuring');
  await expect(page.getByTestId('status')).toHaveText('Measuring the differences');
  expect((await readAttention(app)).isAwake).toBe(true);
  expect(Math.max(...(await readAttention(app)).progress)).toBeGreaterThan(0);

  await page.getByRole('button', { name: 'Experiment' }).click();
  await page
    .getByRole('radio', { name: /^Quick/ })
    .first()
    .check();
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(
    page.getByText('The differences between threads and processes are being measured'),
  ).toBeVisible();

  await page.getByRole('button', { name: 'Differences' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Cancelled; every process of it has been ended.')).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole('button', { name: 'Measure', exact: true })).toBeEnabled();
  expect(await readAttention(app)).toMatchObject({ isAwake: false, notified: [] });
  expect((await readAttention(app)).progress.at(-1)).toBe(-1);
  await expect.poll(processesOfRuns, { timeout: 2000 }).toEqual([]);

  await page.getByRole('button', { name: 'Experiment' }).click();
  await startComparison(page);
  await page.getByRole('button', { name: 'Differences' }).click();
  await expect(page.getByText('An experiment is running; the two would disturb each other.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Measure', exact: true })).toBeDisabled();
});
