import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { axeFindings } from './axe.ts';
import { expect, screenshot, test } from './app.ts';

/** Two processes: one that computes, and its child, which computes too. */
const twoBusy = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'inherit' });
  process.on('SIGTERM', () => { child.kill('SIGKILL'); process.exit(0); });
  setInterval(() => { const untilMs = Date.now() + 30; while (Date.now() < untilMs); }, 60);
`;

let foreign: ChildProcess | null = null;

test.afterEach(async () => {
  const child = foreign;
  foreign = null;
  if (child === null || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
});

function startForeign(): number {
  foreign = spawn(process.execPath, ['-e', twoBusy, 'watch-me'], { stdio: 'ignore' });
  if (foreign.pid === undefined) throw new Error('the process to watch did not start');
  return foreign.pid;
}

for (const appTheme of ['light', 'dark'] as const) {
  test.describe(appTheme, () => {
    test.use({ appTheme });
    test(`a process that runs already is found, watched, and let go (${appTheme})`, async ({ app }) => {
      const { page } = app;
      const pid = startForeign();
      await page.getByRole('button', { name: 'Watch', exact: true }).click();
      const row = page.getByRole('row', { name: new RegExp(`watch-me.*\\b${pid}\\b`) });
      await page.getByRole('searchbox', { name: 'Search processes' }).fill(`watch-me ${pid}`);
      await expect(row.getByRole('cell').nth(2)).toHaveText(/^\d[\d.]* %$/);
      await page.getByRole('searchbox', { name: 'Search processes' }).fill('');
      await expect(page.getByText('Corescope’s own').first()).toBeVisible();
      expect(await axeFindings(page)).toEqual([]);
      await screenshot(page, `watch-choose-${appTheme}`);

      await page.getByRole('textbox', { name: 'Or type a process number' }).fill('4194303');
      await page.getByRole('textbox', { name: 'Or type a process number' }).press('Enter');
      await expect(page.getByRole('alert')).toContainText('There is no process 4194303.');

      await page.getByRole('searchbox', { name: 'Search processes' }).fill(`watch-me ${pid}`);
      await row.getByRole('button', { name: 'Watch' }).click();
      const card = page.getByTestId(`watched-${pid}`);
      await expect(card).toContainText('2 seen, 2 at once');
      await expect(page.getByRole('row', { name: /^Watched in total/ })).toBeVisible();
      await expect(card).toContainText(/CPU time\s*[\d.]+ m?s/);
      await page.waitForTimeout(3000);
      expect(await axeFindings(page)).toEqual([]);
      await screenshot(page, `watch-running-${appTheme}`);

      await expect(
        page.getByTestId('run-tree').getByRole('img', { name: /of a core on average/ }),
      ).not.toHaveCount(0);
      await page.getByRole('button', { name: 'Copy text' }).click();
      await expect(page.getByText(/^\d+ rows copied$/)).toBeVisible();
      await card.getByRole('button', { name: 'Stop watching' }).click();
      await expect(card).toContainText('not watched any more');
      expect(foreign?.exitCode).toBeNull();
      await card.getByRole('button', { name: 'Open the recording' }).click();
      await expect(page.getByRole('heading', { name: new RegExp(`pid ${pid}`) })).toBeVisible();
    });
  });
}

test('a command is started, watched to its end, recorded, and its exit code told', async ({ app }) => {
  const { page, folder } = app;
  await page.getByRole('button', { name: 'Watch', exact: true }).click();
  const field = page.getByRole('textbox', { name: 'Start a command and watch it' });
  await field.fill('no-such-command-here --x');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toContainText('There is no command "no-such-command-here".');

  await field.fill(`sh -c 'echo hello; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; exit 3'`);
  await field.press('Enter');
  const card = page.getByTestId(/^watched-/);
  await expect(card).toContainText('ended with exit code 3');
  await card.getByText('Output, its end').click();
  await expect(card.getByRole('region', { name: /^Output of sh/ })).toHaveText('hello\n');
  await screenshot(page, 'watch-ended');
  const files = readdirSync(join(folder, 'data'), { recursive: true }).map(String);
  expect(files.filter((name) => name.endsWith('.corescope'))).toHaveLength(1);

  await page.getByRole('button', { name: 'Watch another' }).click();
  await field.fill('sleep 60');
  await field.press('Enter');
  const sleeping = page.getByTestId(/^watched-/).filter({ hasText: 'sleep' });
  await expect(sleeping).toContainText('watched for');
  await page.getByRole('button', { name: 'Experiment' }).click();
  await page
    .getByRole('radio', { name: /^Quick/ })
    .first()
    .check();
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page.getByText(/sleep \(\d+\) is being watched/)).toBeVisible();
  await page.getByRole('button', { name: 'Watch', exact: true }).click();

  await page
    .getByTestId('run-tree')
    .getByRole('row', { name: /^sleep/ })
    .first()
    .click();
  const facts = page.getByTestId('process-facts');
  await expect(facts).toContainText(/Executable.*\/(sleep|coreutils|busybox)/);
  await facts.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(facts.getByRole('list', { name: 'Environment' })).toContainText('PATH=');
  await facts.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(facts.getByRole('table', { name: 'Memory map by kind' })).toContainText('stack');
  expect(await axeFindings(page)).toEqual([]);
  await screenshot(page, 'watch-details');
  await facts.getByRole('button', { name: 'Hide', exact: true }).click();
  await page.getByRole('button', { name: 'End process…' }).click();
  const question = page.getByRole('alertdialog', { name: 'End a process' });
  await expect(question).toContainText(/End sleep \(pid \d+, started .+\)\?/);
  await expect(question.getByRole('button', { name: 'Keep it' })).toBeFocused();
  expect(await axeFindings(page)).toEqual([]);
  await screenshot(page, 'watch-end-process');
  await question.getByRole('button', { name: 'End', exact: true }).click();
  await expect(sleeping).toContainText('ended by SIGTERM');
});
