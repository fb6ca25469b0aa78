import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
// Declares `window.corescope`.
import type {} from '../../src/renderer/lib/backend.ts';
import {
  answerQuestions,
  expect,
  projectFolder,
  questionsAsked,
  screenshot,
  shareApp,
  startComparison,
  test,
  type App,
} from './app.ts';

/** Command lines of the processes that exist now and belong to a run of this checkout. */
function runHosts(): string[] {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(projectFolder) && /run-host|run-process|resources.python/.test(line));
}

/** Ends one of the app's own processes from outside, as a crash or an out-of-memory killer would. */
async function killService(app: App, name: string): Promise<void> {
  const pid = await app.electron.evaluate(
    ({ app: electronApp }, wanted) =>
      electronApp.getAppMetrics().find((metric) => metric.name === wanted)?.pid ?? null,
    name,
  );
  if (pid === null) throw new Error(`no process is called ${name}`);
  process.kill(pid, 'SIGKILL');
}

test.describe('in one app', () => {
  const sharedApp = shareApp();

  test('what the page sends is checked before anything is done with it', async () => {
    const app = sharedApp();
    const answers = await app.page.evaluate(async () => {
      const { request } = window.corescope as unknown as {
        request: (channel: string, payload: unknown) => Promise<{ ok: boolean; problem?: { kind: string } }>;
      };
      const kinds: (string | undefined)[] = [];
      for (const [channel, payload] of [
        ['experiment:start', { workload: 'rm -rf /' }],
        ['experiment:save', { format: '../../etc/passwd' }],
        ['experiment:cancel', { everything: true }],
        ['text:copy', { text: 7 }],
        ['file:choose', { purpose: 'anything' }],
        ['python:describe', { path: '' }],
        ['strategies:list', { runtime: 'perl', workloadId: 'count-loop', pythonPath: null, workers: 2 }],
      ] as const) {
        const answer = await request(channel, payload);
        kinds.push(answer.ok ? 'accepted' : answer.problem?.kind);
      }
      return kinds;
    });
    expect(answers).not.toContain('accepted');
  });

  test('a change of theme keeps the timeline, and what was zoomed into', async () => {
    const app = sharedApp();
    const { page } = app;
    const timeline = page.locator('[aria-roledescription="live timeline"]');
    await expect(page.getByText(/of 10 Hz/)).not.toContainText('n/a', { timeout: 10_000 });
    await timeline.focus();
    await page.keyboard.press('+');
    await expect(page.getByRole('button', { name: 'Back to live' })).toBeVisible();
    await page.getByRole('button', { name: 'System theme' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    await page.waitForTimeout(700);
    await expect(page.getByRole('button', { name: 'Back to live' })).toBeVisible();
    await expect(timeline.locator('> canvas')).toHaveCount(1);
  });

  test('cancelling in the middle leaves no process behind and says so', async () => {
    const app = sharedApp();
    const { page } = app;
    await startComparison(page);
    await expect(page.getByTestId('status')).toContainText('processes × 2', { timeout: 60_000 });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByText(/Cancelled after \d+ of 12 runs/)).toBeVisible();
    await expect.poll(runHosts, { timeout: 2000 }).toEqual([]);
    await screenshot(page, 'cancelled');
  });

  test('an engine that dies takes its run with it and says so', async () => {
    const app = sharedApp();
    const { page } = app;
    await startComparison(page);
    await expect(page.getByTestId('run-tree')).toContainText('worker 1', { timeout: 60_000 });
    await killService(app, 'Corescope engine');
    await expect(page.getByRole('alert').filter({ hasText: 'engine process has ended' })).toBeVisible();
    await expect(page.getByTestId('status')).toHaveText('Ready');
    await expect.poll(runHosts, { timeout: 2000 }).toEqual([]);
    await page.getByRole('button', { name: 'Compare' }).click();
    // The estimate and the result both tell it.
    await expect(page.getByRole('alert').filter({ hasText: 'Restart Corescope' }).first()).toBeVisible();
  });

  test('a sampler that dies is noticed, and its last numbers are not shown as if they were true', async () => {
    const app = sharedApp();
    const { page } = app;
    await expect(page.getByText(/of 10 Hz/)).not.toContainText('n/a', { timeout: 10_000 });
    await killService(app, 'Corescope sampler');
    await expect(page.getByRole('alert').filter({ hasText: 'sampler process has ended' })).toBeVisible();
    await expect(page.getByText('n/a of 10 Hz')).toBeVisible();
    await screenshot(page, 'sampler-died');
  });

  // The last one: after the attempt to lead it elsewhere the page is waited for in vain.
  test('the page has no Node, no way out, and a strict content security policy', async () => {
    const app = sharedApp();
    const { page } = app;
    expect(
      await page.evaluate(() =>
        ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
      ),
    ).toEqual([]);
    expect(await page.evaluate(() => Object.keys(window.corescope).sort())).toEqual([
      'on',
      'pathOf',
      'request',
    ]);
    const policy = await page.evaluate(async () =>
      (await fetch(location.href)).headers.get('content-security-policy'),
    );
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");

    await page.evaluate(() => void window.open('https://example.org'));
    await page.evaluate(() => {
      location.href = 'https://example.org';
    });
    await page.waitForTimeout(300);
    expect(app.electron.windows()).toHaveLength(1);
    expect(page.url()).toBe('corescope://app/index.html');

    const outside = await page.evaluate(
      async () => (await fetch('corescope://app/..%2f..%2fpackage.json')).status,
    );
    expect(outside).toBe(404);
  });
});

test('closing the window in the middle is asked about, and leaves no process behind', async ({ app }) => {
  await startComparison(app.page);
  await expect(app.page.getByTestId('status')).toContainText('Run ', { timeout: 60_000 });
  await answerQuestions(app, 'Keep measuring');
  await app.page.keyboard.press('Control+W');
  await expect.poll(() => questionsAsked(app)).toEqual(['A comparison is being measured.']);
  await expect(app.page.getByTestId('status')).toContainText('Run ');
  await answerQuestions(app, 'Quit');
  await app.electron.close();
  await expect.poll(runHosts, { timeout: 4000 }).toEqual([]);
});

test.describe('without Python', () => {
  // Only the folder of the running node is left on PATH.
  test.use({ environment: { PATH: dirname(process.execPath), CORESCOPE_PYTHON: '/nowhere/python3' } });
  test('the Python comparison says what is missing and what to do; Node still works', async ({ app }) => {
    const { page } = app;
    await page.getByRole('radio', { name: /^Python/ }).check();
    await expect(page.getByRole('alert')).toContainText('/nowhere/python3');
    await expect(page.getByRole('button', { name: 'Compare' })).toBeDisabled();
    await screenshot(page, 'no-python');
    await page.getByRole('radio', { name: /^Node/ }).check();
    await expect(page.getByRole('button', { name: 'Compare' })).toBeEnabled();
  });
});
