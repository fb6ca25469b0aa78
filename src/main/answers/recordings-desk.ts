import { basename, join } from 'node:path';
import { app, BrowserWindow, dialog, shell, type WebContents } from 'electron';
import type { RecordingRequests } from '../../shared/recordings-requests.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { Services } from '../services.ts';

type RecordingHandlers = {
  readonly [Channel in keyof RecordingRequests]: (
    payload: RecordingRequests[Channel]['request'],
    sender: WebContents,
  ) => Promise<Result<RecordingRequests[Channel]['response']>>;
};

/** What main does itself for recordings: dialogs, the trash, the file manager. The rest it passes to the engine. */
export function recordingHandlers({ request }: Pick<Services, 'request'>): RecordingHandlers {
  return {
    'recordings:list': (payload) => request('recordings:list', payload),
    'recordings:pin': (payload) => request('recordings:pin', payload),
    'recordings:edit': (payload) => request('recordings:edit', payload),
    'recordings:compare': (payload) => request('recordings:compare', payload),
    'recordings:remove': async ({ path, forGood }) => {
      const released = await request('recordings:let-go', { path });
      if (!released.ok) return released;
      return forGood ? await request('recordings:erase', { path }) : await moveToTrash(path);
    },
    'recordings:reveal': ({ path }) => {
      shell.showItemInFolder(path);
      return Promise.resolve(succeed(null));
    },
    'recordings:choose': async (_payload, sender) => succeed({ paths: await askForRecordings(sender) }),
    'recording:open': (payload) => request('recording:open', payload),
    'recording:span': (payload) => request('recording:span', payload),
    'recording:processes': (payload) => request('recording:processes', payload),
    'recording:add-note': (payload) => request('recording:add-note', payload),
    'recording:export': async ({ path, format, span }, sender) => {
      const target = await askWhereToExport(sender, path, format);
      if (!target.ok) return target;
      if (target.value === null) return succeed({ path: null });
      return await request('recording:write-export', { path, format, span, target: target.value });
    },
    'recording:close': (payload) => request('recording:close', payload),
    'foreign:open': (payload) => request('foreign:open', payload),
  };
}

async function moveToTrash(path: string): Promise<Result<null>> {
  try {
    await shell.trashItem(path);
    return succeed(null);
  } catch (error) {
    return fail(
      'no-trash',
      `${path} could not be moved to the trash: ${error instanceof Error ? error.message : String(error)}.`,
      'Nothing was removed. You can delete it for good instead.',
    );
  }
}

async function askForRecordings(contents: WebContents): Promise<readonly string[]> {
  const window = BrowserWindow.fromWebContents(contents);
  const options: Electron.OpenDialogOptions = {
    title: 'Open recordings',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Recordings and measurements', extensions: ['corescope', 'json', 'log', 'txt', 'dat'] },
      { name: 'All files', extensions: ['*'] },
    ],
  };
  const { canceled, filePaths } =
    window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
  return canceled ? [] : filePaths;
}

async function askWhereToExport(
  contents: WebContents,
  recordingPath: string,
  formatName: string,
): Promise<Result<string | null>> {
  // All formats with their libraries: read when somebody exports, not before the first window.
  const { exportPathOf, findRecordingFormat } = await import('../../engine/export/recording-formats.ts');
  const format = findRecordingFormat(formatName);
  if (!format.ok) return format;
  const { extension, description } = format.value;
  const name = basename(exportPathOf(recordingPath, format.value));
  const window = BrowserWindow.fromWebContents(contents);
  const options = {
    title: 'Export recording',
    defaultPath: join(app.getPath('documents'), name),
    filters: [{ name: description, extensions: [extension.replace(/^\./, '')] }],
  };
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  return succeed(canceled || filePath === '' ? null : filePath);
}
