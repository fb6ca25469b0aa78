import { join } from 'node:path';
import { app, BrowserWindow, dialog, type OpenDialogOptions, type WebContents } from 'electron';
import type { FilePurpose, SaveFormat } from '../shared/ipc.ts';

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

const allFiles = { name: 'All files', extensions: ['*'] };
const openOptions: Readonly<Record<FilePurpose, OpenDialogOptions>> = {
  module: {
    title: 'Choose a module whose default export is the task',
    properties: ['openFile'],
    filters: [
      { name: 'JavaScript or TypeScript', extensions: ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'] },
      allFiles,
    ],
  },
  'python-file': {
    title: 'Choose a Python file with the function',
    properties: ['openFile'],
    filters: [{ name: 'Python', extensions: ['py'] }, allFiles],
  },
  interpreter: { title: 'Choose a Python interpreter', properties: ['openFile'] },
  input: { title: 'Choose the file that the command reads', properties: ['openFile'] },
  node: { title: 'Choose a Node', properties: ['openFile'] },
  folder: { title: 'Choose the folder to run in', properties: ['openDirectory'] },
  'recordings-folder': {
    title: 'Choose the folder for recordings',
    properties: ['openDirectory', 'createDirectory'],
  },
};

/** Asks for a file; null where the user closed the dialog. */
export async function askForFile(contents: WebContents, purpose: FilePurpose): Promise<string | null> {
  const window = BrowserWindow.fromWebContents(contents);
  const options = openOptions[purpose];
  const { canceled, filePaths } =
    window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
  return canceled ? null : (filePaths[0] ?? null);
}

const settingsFilter = { name: 'Corescope settings (JSON)', extensions: ['json'] };

/** Null where the user closed the dialog. */
export async function askForSettingsFile(
  contents: WebContents,
  direction: 'export' | 'import',
): Promise<string | null> {
  const window = BrowserWindow.fromWebContents(contents);
  if (direction === 'import') {
    const options: OpenDialogOptions = {
      title: 'Import settings',
      properties: ['openFile'],
      filters: [settingsFilter],
    };
    const { canceled, filePaths } =
      window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
    return canceled ? null : (filePaths[0] ?? null);
  }
  const options = {
    title: 'Export settings',
    defaultPath: join(app.getPath('documents'), 'corescope-settings.json'),
    filters: [settingsFilter],
  };
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  return canceled || filePath === '' ? null : filePath;
}
