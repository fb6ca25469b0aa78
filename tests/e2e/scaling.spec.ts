import { axeFindings } from './axe.ts';
import { answerSaveDialog, expect, inBothThemes, savedExperiment, screenshot, test } from './app.ts';

test('several worker counts are planned, paused, compared, explained and judged again', async ({ app }) => {
  test.setTimeout(180_000);
  const { page } = app;
  await page.getByRole('textbox', { name: 'Workers' }).fill('1, nine');
  await expect(page.getByRole('textbox', { name: 'Workers' })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('button', { name: 'Compare' })).toBeDisabled();
  await page.getByRole('textbox', { name: 'Workers' }).fill('1, 2');
  await page.getByRole('spinbutton', { name: /^Rounds/ }).fill('2');
  await page.getByRole('radio', { name: /^Quick/ }).check();
  await expect(page.getByText(/^23 runs/)).toBeVisible();
  await page.getByText('More options').click();
  await page.getByRole('textbox', { name: 'After every run' }).scrollIntoViewIfNeeded();
  await screenshot(page, 'scaling-plan');
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText(/runs, paused/)).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Compare' }).waitFor({ timeout: 120_000 });
  await expect(page.getByText(/^23 runs, about \d+/)).toBeVisible();

  // Serial once, threads and processes with two numbers of workers each, and the head.
  await expect(page.getByTestId('result-table').getByRole('row')).toHaveCount(6);
  await inBothThemes(page, 'scaling-result');
  await page.getByTestId('verdict').getByRole('radio', { name: 'Leanest' }).check();
  await expect(page.getByTestId('verdict')).toContainText(/least memory within 10\s% of the fastest/i);
  await expect(page.getByTestId('scaling').locator('canvas')).toBeVisible();
  await expect(page.getByTestId('run-heatmaps').locator('canvas')).toHaveCount(5);
  await page.getByRole('button', { name: 'Wall time' }).click();
  await expect(page.getByRole('columnheader', { name: 'Wall time' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  await inBothThemes(page, 'scaling-wide');
  await page.getByText('The figures of the chart').click();
  expect(await axeFindings(page)).toEqual([]);

  // By the keyboard: past the heads of the columns into the table, one figure to the right and one down.
  await page.getByRole('region', { name: 'Strategies' }).focus();
  for (let stop = 0; stop < 9; stop += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('tooltip')).toContainText('Time to that of the fastest');
  await expect(page.getByRole('tooltip')).toContainText('3 of 3 runs of');
  await screenshot(page, 'scaling-explained');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toHaveCount(0);

  await page.getByRole('region', { name: 'Result in detail' }).evaluate((region) => {
    region.scrollTop = region.scrollHeight;
  });
  await screenshot(page, 'scaling-bottom');
  const { verdict, plan, strategies, controlPair } = await savedExperiment(app);
  expect(verdict.objective).toBe('leanest');
  expect(plan.workerCounts).toEqual([1, 2]);
  expect(controlPair?.strategy).toBe('serial');
  expect(strategies.map(({ strategy, workers }) => `${strategy} ${workers}`)).toEqual([
    'serial 1',
    'threads 1',
    'threads 2',
    'processes 1',
    'processes 2',
  ]);

  await answerSaveDialog(app, `${app.folder}/no/such/folder/report.html`);
  await page.getByRole('button', { name: 'Save report' }).click();
  await expect(page.getByRole('alert')).toContainText('no/such/folder');
});
