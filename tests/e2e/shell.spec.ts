import { expect, goTo, screenshot, test } from './app.ts';
import { axeFindings } from './axe.ts';

test.use({ firstView: 'Start' });

test('the worked example is started with one click and explained in words', async ({ app }) => {
  const { page } = app;
  await expect(page.getByRole('heading', { name: 'What do you want to know?' })).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
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
  await expect(page.getByRole('region', { name: 'Recent' })).toContainText('count-loop in Python');
  await screenshot(page, 'start-4-recent');
});
