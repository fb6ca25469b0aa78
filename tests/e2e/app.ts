import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  test as base,
  _electron as electron,
  expect,
  type ElectronApplication,
  type Page,
} from '@playwright/test';
import { axeFindings } from './axe.ts';
import { parseExperiment } from '../../src/engine/export/experiment-schema.ts';
import type { Experiment } from '../../src/shared/experiment.ts';

/** The real app in a real Electron, with a profile folder of its own; closed and removed after each test. */
export interface App {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /** A folder for what the test saves. */
  readonly folder: string;
}

interface AppOptions {
  /** Environment on top of the test's own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly appTheme: 'light' | 'dark';
  /** The view that a test begins in; the app itself begins in Start. */
  readonly firstView: 'Start' | 'Experiment';
}

export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const screenshotFolder = join(projectFolder, 'test-results', 'screenshots');

const usualOptions: AppOptions = { environment: {}, appTheme: 'dark', firstView: 'Experiment' };

export const test = base.extend<{ app: App } & AppOptions>({
  environment: [usualOptions.environment, { option: true }],
  appTheme: [usualOptions.appTheme, { option: true }],
  firstView: [usualOptions.firstView, { option: true }],
  app: async ({ environment, appTheme, firstView }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'corescope-e2e-'));
    const app = await launchApp(folder, { environment, appTheme });
    if (firstView !== 'Start') await goTo(app.page, firstView);
    await use(app);
    await app.electron.close();
    rmSync(folder, { recursive: true, force: true });
  },
});

/**
 * One app for all tests of a file, where each of them leaves it fit for the next: starting one takes as long as most
 * tests. Call it at the top of the file; what it returns may be called within tests.
 */
export function shareApp(options: AppOptions = usualOptions): () => App {
  let shared: App | null = null;
  test.describe.configure({ mode: 'serial' });
  test.beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'corescope-e2e-'));
    shared = await launchApp(folder, options);
    if (options.firstView !== 'Start') await goTo(shared.page, options.firstView);
  });
  test.afterAll(async () => {
    await shared?.electron.close();
    if (shared !== null) rmSync(shared.folder, { recursive: true, force: true });
  });
  return () => {
    if (shared === null) throw new Error('the app is there from the first test on');
    return shared;
  };
}

export { expect } from '@playwright/test';

/** The words after the program's name: also what a second start of the same profile is made with. */
export function appArguments(folder: string): string[] {
  return [
    projectFolder,
    `--user-data-dir=${join(folder, 'profile')}`,
    '--log-level=3',
    // Chromium's sandbox does not start for root; the test command says so through this variable.
    ...(process.env['CORESCOPE_NO_SANDBOX'] === '1' ? ['--no-sandbox'] : []),
  ];
}

/** Starts the app with the profile that lies in `folder`, and waits for its page. */
export async function launchApp(
  folder: string,
  { environment, appTheme }: Pick<AppOptions, 'environment' | 'appTheme'> = usualOptions,
): Promise<App> {
  const application = await electron.launch({
    args: appArguments(folder),
    colorScheme: appTheme,
    // What is recorded, and the trash, stand in the test's folder.
    env: { ...definedEnvironment(), XDG_DATA_HOME: join(folder, 'data'), ...environment },
  });
  const page = await application.firstWindow();
  await page.getByRole('heading', { name: 'Corescope', level: 1 }).waitFor();
  const app = { electron: application, page, folder };
  // A test that ends in the middle of a measurement gives it up.
  await answerQuestions(app, 'Quit');
  return app;
}

/** By the rail on the left. */
export async function goTo(page: Page, view: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click();
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screenshotFolder, `${name}.png`) });
}

/** As the system would change it; the app follows, unless a theme was chosen. */
export async function setTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
}

/** A picture of the page as it is in either theme, in which axe finds nothing; the theme is as before afterwards. */
export async function inBothThemes(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    expect(await axeFindings(page)).toEqual([]);
    await screenshot(page, `${name}-${theme}`);
  }
}

/** Makes the system's save dialog answer at once: it is the one part of the journey that is not ours. */
export async function answerSaveDialog(app: App, path: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

/** What is asked before a measurement is given up is answered so from now on; `questionsAsked` tells what it was. */
export async function answerQuestions(
  { electron: application }: App,
  answer: 'Keep measuring' | 'Quit',
): Promise<void> {
  await application.evaluate(({ dialog }, button) => {
    const asked: string[] = [];
    Object.assign(globalThis, { askedQuestions: asked });
    dialog.showMessageBox = (...given: unknown[]) => {
      const { message, buttons } = given.at(-1) as { message: string; buttons: string[] };
      asked.push(message);
      return Promise.resolve({ response: buttons.indexOf(button), checkboxChecked: false });
    };
  }, answer);
}

export function questionsAsked({ electron: application }: App): Promise<readonly string[]> {
  return application.evaluate(
    () => (globalThis as unknown as { askedQuestions: readonly string[] }).askedQuestions,
  );
}

/** The same for the dialog that asks for a file or folder. */
export async function answerOpenDialog(app: App, path: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, path);
}

/** Drags a real file, or several, over the window and drops it there, as the system's file manager would. */
export async function dropFile(
  page: Page,
  path: string | readonly string[],
  whileOver?: () => Promise<void>,
): Promise<void> {
  const files = typeof path === 'string' ? [path] : [...path];
  const session = await page.context().newCDPSession(page);
  const place = { x: 700, y: 500, data: { items: [], files, dragOperationsMask: 1 } };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...place });
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...place });
  await whileOver?.();
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...place });
  await session.detach();
}

/** What the app saves as JSON, checked against the documented schema. */
export async function savedExperiment(app: App): Promise<Experiment> {
  const path = join(app.folder, 'comparison.json');
  await answerSaveDialog(app, path);
  await app.page.getByRole('button', { name: 'Save JSON' }).click();
  await expect(app.page.getByText(`Saved to ${path}`)).toBeVisible();
  const parsed = parseExperiment(readFileSync(path, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

/** Chooses "Quick" and, where it can be chosen, little work, presses Compare and waits for the verdict. */
export async function compare(page: Page): Promise<void> {
  const rounds = page.getByRole('spinbutton', { name: /^Rounds/ });
  if ((await rounds.count()) > 0) await rounds.fill('2');
  await startComparison(page);
  await page.getByRole('button', { name: 'Compare' }).waitFor({ timeout: 120_000 });
}

export async function startComparison(page: Page): Promise<void> {
  await page.getByRole('radio', { name: /^Quick/ }).check();
  await page.getByRole('textbox', { name: 'Workers' }).fill('2');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
}
