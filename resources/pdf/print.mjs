// electron print.mjs PAGE.html RESULT.pdf FOLDER: prints the page; FOLDER is for what Chromium keeps, and is thrown away.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { app, session, WebContentsView } from 'electron';

const [page = '', result = '', folder = ''] = process.argv.slice(-3);

/** Chromium has no style sheet of ours in the margins. */
const footer =
  '<div style="width:100%;padding:0 14mm;font-size:7.5px;color:#596069;display:flex;justify-content:space-between">' +
  '<span class="title"></span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>';

async function print() {
  const url = pathToFileURL(page).href;
  const own = session.fromPartition('print');
  own.webRequest.onBeforeRequest((request, answer) => {
    answer({ cancel: request.url !== url && !request.url.startsWith('data:') });
  });
  // A view without a window: windows need a display, on Linux.
  const view = new WebContentsView({ webPreferences: { session: own, sandbox: true, javascript: false } });
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

app.setPath('userData', folder);
app.disableHardwareAcceleration();
app
  .whenReady()
  .then(print)
  .then(
    () => app.exit(0),
    (error) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      app.exit(1);
    },
  );
