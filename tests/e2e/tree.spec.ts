import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { axeFindings } from './axe.ts';
import { expect, goTo, inBothThemes, screenshot, test } from './app.ts';

/** Three processes: one that starts two others and sleeps, one that computes half of the time, one that holds 80 MB. */
const family = `
  const { spawn } = require('node:child_process');
  const start = (name, code) => spawn(process.execPath, ['-e', code, name], { stdio: 'inherit' });
  start('busy-child', 'setInterval(() => { const untilMs = Date.now() + 50; while (Date.now() < untilMs); }, 100)');
  start('large-child', 'const held = Buffer.alloc(80e6, 1); setInterval(() => held[0], 1e6)');
  setInterval(() => {}, 1e6);
`;

let parent: ChildProcess | null = null;

test.afterEach(async () => {
  const child = parent;
  parent = null;
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  // It leads a group of its own, with its children.
  process.kill(-child.pid, 'SIGKILL');
  await gone;
});

function startFamily(): number {
  parent = spawn(process.execPath, ['-e', family, 'the-parent'], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, FAMILY_COLOUR: 'green', FAMILY_TOKEN: 'not-for-everybody' },
  });
  if (parent.pid === undefined) throw new Error('the family did not start');
  return parent.pid;
}

/** The fields of proc(5)'s stat behind the name, the state being the first; none where there is no such process. */
function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function niceOf(pid: number): number {
  return Number(statOf(pid)[16]);
}

/** A zombie has ended: nobody may be there to wait for it. */
function isRunning(pid: number): boolean {
  return !['Z', undefined].includes(statOf(pid)[0]);
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text.split(' ').map(Number);
}

/** The last word of each command line; threads are left out. */
async function shownNames(view: Locator): Promise<string[]> {
  const titles = view.getByTestId('run-tree').locator('.process').getByRole('rowheader');
  const commands = await titles.evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title') ?? ''));
  return commands.map((command) => command.split(' ').at(-1) ?? '');
}

async function watchFamily(page: Page, pid: number): Promise<Locator> {
  await goTo(page, 'Watch');
  await page.getByRole('textbox', { name: 'Or type a process number' }).fill(String(pid));
  await page.getByRole('textbox', { name: 'Or type a process number' }).press('Enter');
  const view = page.locator('.view:not([hidden])');
  await expect(view.getByTestId('run-tree').locator('.process')).toHaveCount(3);
  return view;
}

test('a tree is looked through, sorted, filtered, asked about, made nicer, copied and ended', async ({
  app,
}) => {
  const { page, electron } = app;
  const pid = startFamily();
  const view = await watchFamily(page, pid);
  const tree = view.getByTestId('run-tree');
  const heading = (name: string): Locator => view.getByRole('columnheader', { name, exact: true });
  const rowOf = (command: string): Locator =>
    tree.locator('.process').filter({ has: page.locator(`[title$=" ${command}"]`) });

  // Self and total, and columns of one's own choice.
  await view.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'PID' }).check();
  await page.getByRole('checkbox', { name: 'PSS total' }).check();
  await screenshot(page, 'tree-1-columns');
  await page.keyboard.press('Escape');
  await expect(heading('PSS total')).toBeVisible();
  await expect(heading('CPU total')).toBeVisible();
  await expect(rowOf('the-parent')).toContainText(String(pid));

  await heading('PSS').getByRole('button').click();
  await expect(heading('PSS')).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(() => shownNames(view)).toEqual(['the-parent', 'large-child', 'busy-child']);
  await heading('PSS').getByRole('button').click();
  await expect.poll(() => shownNames(view)).toEqual(['the-parent', 'busy-child', 'large-child']);

  // What leads to a match stays, paler than what matches.
  const filter = view.getByRole('searchbox', { name: 'Filter processes' });
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['large', ['the-parent', 'large-child']],
    ['/(bus|lazi)y-.hild$/', ['the-parent', 'busy-child']],
    ['cpu>15', ['the-parent', 'busy-child']],
    ['mem>75MB', ['the-parent', 'large-child']],
    ['mem>1GB', []],
  ];
  for (const [text, names] of cases) {
    await filter.fill(text);
    await expect.poll(() => shownNames(view), { message: text }).toEqual(names);
  }
  await expect(view.getByText('Nothing matches the filter.')).toBeVisible();
  await filter.fill('cpu>15');
  await expect(rowOf('the-parent')).toHaveClass(/faint/);
  await expect(rowOf('busy-child')).not.toHaveClass(/faint/);
  await filter.fill('cpu>lots');
  await expect(view.getByText('"cpu>lots" needs a number, such as cpu>50.')).toBeVisible();
  await filter.fill('');
  await expect(rowOf('busy-child').getByRole('gridcell', { name: /of a core on average/ })).toBeVisible();
  // What is called alike is told apart by its arguments, where there is room for them.
  await expect(rowOf('busy-child').getByRole('rowheader')).toContainText('busy-child');
  await inBothThemes(page, 'tree-2-table');

  await view.getByRole('button', { name: 'Copy CSV' }).click();
  await expect(view.getByText(/^\d+ rows copied$/)).toBeVisible();
  const copied = await electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied.split('\r\n')[0]).toContain(
    'depth,worker,name,command line,PID,CPU (cores),CPU total (cores)',
  );
  expect(copied).toContain('large-child');

  // What one process is asked about.
  await rowOf('large-child').click();
  const details = view.getByRole('region', { name: /^Details of/ });
  await expect(details).toContainText('large-child');
  // The details took room from the table, and the row that they are of is still in it.
  await expect(rowOf('large-child')).toBeInViewport({ ratio: 1 });
  const facts = details.getByTestId('process-facts');
  await expect(facts).toContainText(/Open files\s*\d+/);
  await expect(facts).toContainText(/Control group\s*\S/);
  await expect(facts).toContainText(/open files \d+/i);
  await facts.getByRole('button', { name: 'Show', exact: true }).click();
  const environment = facts.getByRole('list', { name: 'Environment' });
  await expect(environment).toContainText('FAMILY_COLOUR=green');
  await expect(environment).not.toContainText('not-for-everybody');
  await facts.getByRole('button', { name: 'Hide', exact: true }).click();
  await facts.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(facts.getByRole('row', { name: /^anonymous.* MB/ })).toBeVisible();
  await facts.getByRole('table').scrollIntoViewIfNeeded();
  await inBothThemes(page, 'tree-3-details');

  await view.getByRole('treegrid').press('Home');
  await expect(details.getByRole('button', { name: 'End tree…' })).toBeVisible();
  await details.getByRole('textbox', { name: 'Nice' }).fill('7');
  await details.getByRole('button', { name: 'Set' }).click();
  await expect(details.getByText('The nice level is now 7.')).toBeVisible();
  expect(niceOf(pid)).toBe(7);

  const children = childrenOf(pid);
  expect(children.filter(isRunning)).toHaveLength(2);
  await details.getByRole('button', { name: 'End tree…' }).click();
  const question = page.getByRole('alertdialog', { name: 'End a process' });
  await expect(question).toContainText('and all that hangs under it?');
  expect(await axeFindings(page)).toEqual([]);
  await question.getByRole('button', { name: 'Keep it' }).press('Enter');
  expect(parent?.signalCode).toBeNull();
  await details.getByRole('button', { name: 'End tree…' }).click();
  await question.getByRole('button', { name: 'End', exact: true }).click();
  await expect(page.getByTestId(`watched-${pid}`)).toContainText(/ended/);
  await expect.poll(() => parent?.signalCode).toBe('SIGTERM');
  await expect.poll(() => children.filter(isRunning)).toEqual([]);
});
