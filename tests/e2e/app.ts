import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, _electron as electron, type ElectronApplication, type Page } from '@playwright/test';

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
}

export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const screenshotFolder = join(projectFolder, 'test-results', 'screenshots');

export const test = base.extend<{ app: App } & AppOptions>({
  environment: [{}, { option: true }],
  appTheme: ['dark', { option: true }],
  app: async ({ environment, appTheme }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'corescope-e2e-'));
    const application = await electron.launch({
      args: [
        projectFolder,
        `--user-data-dir=${join(folder, 'profile')}`,
        '--log-level=3',
        // Chromium's sandbox does not start for root; the test command says so through this variable.
        ...(process.env['CORESCOPE_NO_SANDBOX'] === '1' ? ['--no-sandbox'] : []),
      ],
      colorScheme: appTheme,
      env: { ...definedEnvironment(), ...environment },
    });
    const page = await application.firstWindow();
    await page.getByRole('heading', { name: 'Corescope', level: 1 }).waitFor();
    await use({ electron: application, page, folder });
    await application.close();
    rmSync(folder, { recursive: true, force: true });
  },
});

export { expect } from '@playwright/test';

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screenshotFolder, `${name}.png`) });
}

/** Makes the system's save dialog answer at once: it is the one part of the journey that is not ours. */
export async function answerSaveDialog(app: App, path: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

/** Chooses "Quick", presses Compare and waits for the verdict. */
export async function compare(page: Page): Promise<void> {
  await startComparison(page);
  await page.getByRole('button', { name: 'Compare' }).waitFor({ timeout: 120_000 });
}

export async function startComparison(page: Page): Promise<void> {
  await page.getByRole('radio', { name: /^Quick/ }).check();
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
}
