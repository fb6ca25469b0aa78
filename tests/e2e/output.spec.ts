import { expect, inBothThemes, startComparison, test } from './app.ts';

/** Writes to both streams, with colours that a page must not take for anything. */
const talker = [
  'console.log("task {index} begins\\u001b[31m in red\\u001b[0m <b>not bold</b>")',
  'console.error("task {index}: something is odd")',
  'for (let line = 0; line < 40; line += 1) console.log("line " + line)',
].join('; ');

test('what the work writes is shown by run, harmless, and can be copied', async ({ app }) => {
  const { page } = app;
  await page.getByRole('radio', { name: /^Command/ }).check();
  await page.getByRole('textbox', { name: 'Command' }).fill(`${process.execPath} -e '${talker}'`);
  await startComparison(page);
  const output = page.getByRole('region', { name: 'Output of the work' });
  const toggle = output.getByRole('button', { name: 'Output' });
  await expect(toggle).toHaveAttribute('aria-expanded', 'false');
  await toggle.focus();
  await page.keyboard.press('Enter');
  const text = output.getByRole('region', { name: 'Text that the run wrote' });
  await expect(text).toContainText('line 39');
  await page.getByRole('button', { name: 'Compare' }).waitFor({ timeout: 60_000 });

  const runs = output.getByRole('combobox', { name: 'Run whose output is shown' });
  await runs.selectOption({ index: 1 });
  await expect(output).toContainText('run 1:');
  await expect(text).toContainText('in red <b>not bold</b>');
  await expect(text.locator('.stderr').first()).toContainText('stderr');
  await expect(text.locator('.stderr').first()).toContainText('something is odd');
  expect(await text.locator('b').count()).toBe(0);
  await output.getByRole('button', { name: 'Copy' }).click();
  await expect(output.getByRole('status')).toHaveText('Copied');
  const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain('task 0 begins in red <b>not bold</b>');
  expect(copied).not.toContain('\u001B');
  await text.locator('.stderr').first().scrollIntoViewIfNeeded();
  await inBothThemes(page, 'output');
});
