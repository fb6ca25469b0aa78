import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  answerOpenDialog,
  compare,
  dropFile,
  expect,
  goTo,
  savedExperiment,
  screenshot,
  shareApp,
  test,
} from './app.ts';

const sharedApp = shareApp();

const moduleText = `
interface Task { readonly task: number }
export default ({ task }: Task): number => {
  let sum = task;
  for (let index = 0; index < 3_000_000; index += 1) sum = (sum * 31 + index) % 1_000_003;
  return sum;
};
`;
const pythonText = `
def weigh(count, index):
    return sum((number * 7 + index) % 11 for number in range(count))

if __name__ == "__main__":
    print(weigh(1000, 1))
`;

test("a TypeScript module of the user's is chosen, compared and recorded", async () => {
  const app = sharedApp();
  const { page, folder } = app;
  const path = join(folder, 'work.ts');
  writeFileSync(path, moduleText);
  await page.getByRole('radio', { name: /your module/ }).check();
  await expect(page.getByText('Choose your module.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Compare' })).toBeDisabled();
  await answerOpenDialog(app, path);
  await page.getByRole('button', { name: 'Choose', exact: true }).click();
  await expect(page.getByText('work.ts')).toBeVisible();
  await expect(page.getByText('Corescope cannot know on which port your own work listens.')).toBeVisible();
  await page.getByRole('checkbox', { name: /^thread-pool/ }).check();
  await compare(page);
  await screenshot(page, 'launch-1-module');
  const { workload, strategies } = await savedExperiment(app);
  expect(workload).toMatchObject({ id: 'module', runtime: 'node', target: { kind: 'module', path } });
  expect(strategies.map(({ strategy }) => strategy)).toEqual([
    'serial',
    'threads',
    'processes',
    'thread-pool',
  ]);
  expect(new Set(strategies.map(({ checksum }) => checksum)).size).toBe(1);
});

test('a Python file is dropped on the window, and one function of it is compared', async () => {
  const app = sharedApp();
  const { page, folder } = app;
  const path = join(folder, 'work.py');
  writeFileSync(path, pythonText);
  await goTo(page, 'Start');
  await dropFile(page, path, () => screenshot(page, 'launch-2-dropping'));
  await expect(page.getByRole('radio', { name: /^Python/ })).toBeChecked();
  await expect(page.getByText('Name the function of your Python file.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Function' }).fill('weigh');
  await page.getByRole('textbox', { name: 'Arguments (JSON)' }).fill('[20000, "{index}"]');
  await expect(
    page
      .getByText(/InterpreterPoolExecutor came with Python 3.14/)
      .or(page.getByRole('checkbox', { name: /^interpreter-pool/ }))
      .first(),
  ).toBeVisible();
  await page.getByRole('combobox', { name: 'Processes are started by' }).selectOption('spawn');
  await expect
    .poll(() => page.getByRole('combobox', { name: 'Interpreter' }).locator('option').count(), {
      timeout: 20_000,
    })
    .toBeGreaterThan(0);
  await screenshot(page, 'launch-3-function');
  await compare(page);
  const experiment = await savedExperiment(app);
  expect(experiment.workload.target).toEqual({
    kind: 'function',
    path,
    functionName: 'weigh',
    args: [20_000, '{index}'],
  });
  expect(experiment.plan.startMethod).toBe('spawn');
});

test('what cannot be run is refused in words when it is dropped; a module is taken from Start too', async () => {
  const { page, folder } = sharedApp();
  const path = join(folder, 'notes.txt');
  writeFileSync(path, 'nothing to run');
  await dropFile(page, path);
  await expect(page.getByRole('alert')).toContainText('takes .js, .ts and .py files');
  await page.getByRole('alert').getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  const other = join(folder, 'other.mjs');
  writeFileSync(other, 'export default ({ task }) => task;\n');
  await goTo(page, 'Start');
  await dropFile(page, other);
  await expect(page.getByText('other.mjs')).toBeVisible();
  await expect(page.getByRole('radio', { name: /^Node/ })).toBeChecked();
});

test('a pasted command runs in its folder, in turn and at once', async () => {
  const app = sharedApp();
  const { page, folder } = app;
  const place = join(folder, 'my place');
  mkdirSync(place);
  await page.getByRole('radio', { name: /^Command/ }).check();
  const command = page.getByRole('textbox', { name: 'Command' });
  await command.fill(`${process.execPath} -e 'console.log(1)' | cat`);
  await expect(page.getByText('"|" needs a shell')).toBeVisible();
  await command.fill(`${process.execPath} -e 'console.log({index}, process.cwd().endsWith("my place"))'`);
  await answerOpenDialog(app, place);
  const runFolder = page.getByRole('group', { name: 'Run in the folder' });
  await runFolder.getByRole('button', { name: 'Choose' }).click();
  await screenshot(page, 'launch-4-command');
  await compare(page);
  const { strategies, workload } = await savedExperiment(app);
  expect(workload.target).toMatchObject({ kind: 'command', cwd: place });
  expect(strategies.map(({ strategy }) => strategy)).toEqual(['serial', 'copies']);
  expect(strategies.flatMap(({ runs }) => runs.map(({ state }) => state))).not.toContain('failed');
});
