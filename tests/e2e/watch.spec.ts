import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { axeFindings } from './axe.ts';
import { answerOpenDialog, expect, goTo, inBothThemes, screenshot, shareApp, test } from './app.ts';

const sharedApp = shareApp();

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

test('a process that runs already is found, watched, and let go; so is a part of it beside it', async () => {
  const { page, folder } = sharedApp();
  const pid = startForeign();
  await page.getByRole('button', { name: 'Watch', exact: true }).click();
  const row = page.getByRole('row', { name: new RegExp(`watch-me.*\\b${pid}\\b`) });
  await page.getByRole('searchbox', { name: 'Search processes' }).fill(`watch-me ${pid}`);
  await expect(row.getByRole('cell').nth(2)).toHaveText(/^\d[\d.]* %$/);
  await page.getByRole('searchbox', { name: 'Search processes' }).fill('');
  await expect(page.getByText('Corescope’s own').first()).toBeVisible();
  await inBothThemes(page, 'watch-choose');

  await page.getByRole('textbox', { name: 'Or type a process number' }).fill('4194303');
  await page.getByRole('textbox', { name: 'Or type a process number' }).press('Enter');
  await expect(page.getByRole('alert')).toContainText('There is no process 4194303.');

  await page.getByRole('searchbox', { name: 'Search processes' }).fill(`watch-me ${pid}`);
  await row.getByRole('button', { name: 'Watch' }).click();
  const card = page.getByTestId(`watched-${pid}`);
  await expect(card).toContainText('2 seen, 2 at once');
  await expect(page.getByRole('row', { name: /^Watched in total/ })).toBeVisible();
  await expect(card).toContainText(/CPU time\s*[\d.]+ m?s/);
  const view = page.locator('.view:not([hidden])');
  await expect(view.getByRole('gridcell', { name: /of a core on average/ })).not.toHaveCount(0);
  await view.getByRole('button', { name: 'Copy text' }).click();
  await expect(page.getByText(/^\d+ rows copied$/)).toBeVisible();
  await inBothThemes(page, 'watch-running');

  // Live tells which of its processes was where, and the cell's cursor says it.
  await goTo(page, 'Live');
  await view.getByTestId('heat-mode').selectOption('workers');
  await expect(view.getByTestId('legend')).toContainText(`node ${pid}`);
  await view.getByRole('button', { name: 'As a table' }).click();
  await expect(view.getByTestId('cell-table')).toContainText(/node \d+/);
  await inBothThemes(page, 'live-5-watched');
  await view.getByRole('button', { name: 'Processes' }).click();
  await goTo(page, 'Watch');

  // From the tree: the child becomes a tree of its own, with a recording of its own.
  await view.getByTestId('run-tree').locator('[aria-level="2"].process').first().click();
  await view.getByRole('button', { name: 'Watch this tree' }).click();
  const cards = page.getByTestId(/^watched-/);
  await expect(cards).toHaveCount(2);
  await expect(cards.first()).toContainText(/watched for/);
  await screenshot(page, 'watch-two');
  await cards.first().getByRole('button', { name: 'Stop watching' }).click();
  await expect(cards.first()).toContainText('not watched any more');
  await expect(page.getByText(/^Recording: .*node-pid-/)).toBeVisible();

  await card.getByRole('button', { name: 'Stop watching' }).click();
  await expect(card).toContainText('not watched any more');
  expect(foreign?.exitCode).toBeNull();
  expect(recordingsIn(folder)).toHaveLength(2);
  await card.getByRole('button', { name: 'Open the recording' }).click();
  await expect(page.getByRole('heading', { name: new RegExp(`pid ${pid}`) })).toBeVisible();
});

/** Paths within the test's folder. */
function recordingsIn(folder: string): string[] {
  return readdirSync(join(folder, 'data'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.corescope'));
}

test('a command is started in its folder, watched to its end, recorded, and its exit code told', async () => {
  const app = sharedApp();
  const { page, folder } = app;
  await page.getByRole('button', { name: 'Watch', exact: true }).click();
  await page.getByRole('button', { name: 'Watch another' }).click();
  const field = page.getByRole('textbox', { name: 'Start a command and watch it' });
  await field.fill('no-such-command-here --x');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toContainText('There is no command "no-such-command-here".');

  const before = recordingsIn(folder).length;
  const place = join(folder, 'place of work');
  mkdirSync(place);
  await answerOpenDialog(app, place);
  const runFolder = page.getByRole('group', { name: 'Run in the folder' });
  await runFolder.getByRole('button', { name: 'Choose' }).click();
  await expect(runFolder).toContainText('place of work');
  const steps = [
    'pwd',
    'echo ::corescope begin pass::',
    'sleep 1',
    'echo ::corescope marker loaded::',
    'sleep 1',
  ];
  await field.fill(`sh -c '${steps.join('; ')}; echo ::corescope end pass::; exit 3'`);
  await field.press('Enter');
  const card = page.getByTestId(/^watched-/).first();
  await expect(card).toContainText('ended with exit code 3');
  await card.getByText('Output, its end').click();
  await expect(card.getByRole('region', { name: /^Output of sh/ })).toContainText(`${realpathSync(place)}\n`);
  const markers = page.locator('.view:not([hidden])').getByRole('list', { name: 'Markers of the work' });
  await expect(markers).toContainText(/pass, [\d.]+ s, from \d+:\d/);
  await expect(markers).toContainText(/loaded at \d+:\d/);
  await inBothThemes(page, 'watch-ended');
  expect(recordingsIn(folder)).toHaveLength(before + 1);

  await page.getByRole('button', { name: 'Watch another' }).click();
  await runFolder.getByRole('button', { name: 'Clear' }).click();
  await field.fill('sleep 60');
  await field.press('Enter');
  const sleeping = page
    .getByTestId(/^watched-/)
    .filter({ has: page.getByRole('heading', { name: /^sleep/ }) });
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
