// electron print.mjs PAGE RESULT FOLDER SIZE: prints the page as PDF where SIZE is `a4`, or draws it as a PNG of so many
// pixels (`1800x1200`). FOLDER is for what Chromium keeps, and is thrown away.
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { app, BrowserWindow, session, WebContentsView } from 'electron';

const mostAttempts = 50;

const [page = '', result = '', folder = '', size = ''] = process.argv.slice(-4);

/** Chromium has no style sheet of ours in the margins. */
const footer =
  '<div style="width:100%;padding:0 14mm;font-size:7.5px;color:#596069;display:flex;justify-content:space-between">' +
  '<span class="title"></span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>';

/** What neither runs scripts nor loads anything but the page. */
function preferencesFor(url) {
  const own = session.fromPartition('print');
  own.webRequest.onBeforeRequest((request, answer) => {
    answer({ cancel: request.url !== url && !request.url.startsWith('data:') });
  });
  return { session: own, sandbox: true, javascript: false };
}

async function print() {
  const url = pathToFileURL(page).href;
  // A view without a window: windows need a display, on Linux.
  const view = new WebContentsView({ webPreferences: preferencesFor(url) });
  await view.webContents.loadURL(url);
  const pdf = await view.webContents.printToPDF({
    pageSize: 'A4',
    preferCSSPageSize: true,
    printBackground: true,
    displayHeaderFooter: true,
    headerTemplate: '<span></span>',
    footerTemplate: footer,
    generateTaggedPDF: true,
    generateDocumentOutline: true,
  });
  writeFileSync(result, pdf);
}

async function draw() {
  const url = pathToFileURL(page).href;
  const [width, height] = size.split('x').map(Number);
  const window = new BrowserWindow({
    show: false,
    frame: false,
    width,
    height,
    useContentSize: true,
    enableLargerThanScreen: true,
    webPreferences: { ...preferencesFor(url), offscreen: true },
  });
  await window.loadURL(url);
  for (let attempt = 1; ; attempt += 1) {
    const picture = await window.webContents.capturePage({ x: 0, y: 0, width, height });
    const drawn = picture.getSize();
    if (drawn.width === width && drawn.height === height) {
      writeFileSync(result, picture.toPNG());
      return;
    }
    // On a busy machine the page may have been loaded and not painted yet.
    if (attempt === mostAttempts) {
      throw new Error(`the picture came out as ${drawn.width} x ${drawn.height} instead of ${size}`);
    }
    await sleep(100);
  }
}

app.setPath('userData', folder);
app.disableHardwareAcceleration();
app
  .whenReady()
  .then(size === 'a4' ? print : draw)
  .then(
    () => app.exit(0),
    (error) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      app.exit(1);
    },
  );
