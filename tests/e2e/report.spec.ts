import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { experimentToHtml } from '../../src/engine/export/html.ts';
import { createExportSource, type ExportSource } from '../../src/engine/export/recording-export.ts';
import { recordingToHtml } from '../../src/engine/export/recording-html.ts';
import { printPdf } from '../../src/engine/export/pdf.ts';
import { speedscopeFormat } from '../../src/engine/export/speedscope.ts';
import { openRecording } from '../../src/engine/recording/open-recording.ts';
import { experimentFrom, traceFrom } from '../unit/engine/export/sample-experiment.ts';
import { expect, projectFolder, screenshotFolder, shareApp, test, type App } from './app.ts';
import { axeFindings } from './axe.ts';
import { makeRecording } from './made-recording.ts';

const app = shareApp();

/** Reports are read in a browser: here in a window of the same Chromium that has nothing of the app. */
async function openReport({ electron }: App, path: string): Promise<Page> {
  const opened = electron.waitForEvent('window');
  await electron.evaluate(async ({ BrowserWindow }, url) => {
    const window = new BrowserWindow({ width: 1000, height: 1300, webPreferences: { sandbox: false } });
    await window.loadURL(url);
  }, pathToFileURL(path).href);
  const page = await opened;
  await page.waitForLoadState();
  return page;
}

/** What `use` makes of a made recording. */
function fromRecording(folder: string, use: (source: ExportSource) => string): string {
  const path = join(folder, 'made.corescope');
  if (!existsSync(path)) {
    makeRecording(path, { title: 'a made recording', cores: 8, processes: 20, ticks: 600 });
  }
  const opened = openRecording(path);
  if (!opened.ok) throw new Error(opened.problem.message);
  const text = use(createExportSource(opened.value));
  opened.value.close();
  return text;
}

function experimentReport(): string {
  const picture = `
    |001#######|
    |0000000000|`;
  return experimentToHtml(experimentFrom(), [
    traceFrom(picture, { order: 1 }),
    traceFrom(picture, { order: 1, strategy: 'processes', workers: 2 }),
  ]);
}

test('reports are accessible, on a screen in both themes and on paper', async () => {
  const { folder } = app();
  const reports = { recording: fromRecording(folder, recordingToHtml), experiment: experimentReport() };
  for (const [name, html] of Object.entries(reports)) {
    const path = join(folder, `${name}.html`);
    writeFileSync(path, html);
    const page = await openReport(app(), path);
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ media: 'screen', colorScheme });
      await page.screenshot({
        path: join(screenshotFolder, `report-${name}-${colorScheme}.png`),
        fullPage: true,
      });
      expect(await axeFindings(page)).toEqual([]);
    }
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    if (name === 'recording') {
      await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
      const chart = page.getByRole('application').first();
      await chart.focus();
      await chart.press('ArrowRight');
      await expect(page.locator('.told').first()).toContainText(/core 0 \d+ % busy · watched processes/);
    }
    await page.close();

    const printed = await printPdf(html);
    if (!printed.ok) throw new Error(printed.problem.message);
    const pdf = join(folder, `${name}.pdf`);
    writeFileSync(pdf, printed.value);
    expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
    if (!existsSync('/usr/bin/pdftoppm')) continue;
    execFileSync('pdftoppm', ['-png', '-r', '70', pdf, join(screenshotFolder, `report-${name}-page`)]);
  }
});

test("speedscope's own importer opens what is exported for it", async () => {
  const { folder } = app();
  const path = join(folder, 'made.speedscope.json');
  writeFileSync(
    path,
    fromRecording(folder, (source) => [...speedscopeFormat.write(source)].join('')),
  );
  const page = await openReport(
    app(),
    join(projectFolder, 'node_modules/speedscope/dist/release/index.html'),
  );
  await page.locator('input[type="file"]').setInputFiles(path);
  await expect(page).toHaveTitle(/a made recording|Marked: load/);
  await page.screenshot({ path: join(screenshotFolder, 'export-speedscope.png') });
  await page.close();
});
