import { join } from 'node:path';
import { app, BrowserWindow, dialog, type WebContents } from 'electron';
import type { SaveFormat } from '../shared/ipc.ts';

const formats = {
  json: { name: 'Corescope experiment (JSON)', extension: 'json' },
  html: { name: 'Report (HTML, one file)', extension: 'html' },
} as const satisfies Record<SaveFormat, { name: string; extension: string }>;

/** Asks where to save; null where the user closed the dialog. */
export async function askWhereToSave(contents: WebContents, format: SaveFormat): Promise<string | null> {
  const { name, extension } = formats[format];
  const options = {
    title: 'Save comparison',
    defaultPath: join(app.getPath('documents'), `corescope-comparison.${extension}`),
    filters: [{ name, extensions: [extension] }],
  };
  const window = BrowserWindow.fromWebContents(contents);
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  return canceled || filePath === '' ? null : filePath;
}
