import { join } from 'node:path';
import { app, BrowserWindow, dialog, type WebContents } from 'electron';
import { writeFileSafely } from '../engine/export/write-file.ts';
import type { SavedFile } from '../shared/ipc.ts';
import { succeed, type Result } from '../shared/result.ts';
import type { PagePlace } from '../shared/shell-requests.ts';

/** Writes what a window shows at that place as a PNG, where the user says. What is shown is taken before it is asked. */
export async function saveViewPicture(place: PagePlace, contents: WebContents): Promise<Result<SavedFile>> {
  // The page counts in its own pixels; a window that is zoomed shows larger ones.
  const zoom = contents.getZoomFactor();
  const picture = await contents.capturePage({
    x: Math.round(place.left * zoom),
    y: Math.round(place.top * zoom),
    width: Math.round(place.width * zoom),
    height: Math.round(place.height * zoom),
  });
  const options = {
    title: 'Save picture',
    defaultPath: join(app.getPath('documents'), 'corescope.png'),
    filters: [{ name: 'Picture (PNG)', extensions: ['png'] }],
  };
  const window = BrowserWindow.fromWebContents(contents);
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  if (canceled || filePath === '') return succeed({ path: null });
  const written = await writeFileSafely(filePath, picture.toPNG());
  return written.ok ? succeed({ path: filePath }) : written;
}
