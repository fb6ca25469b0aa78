import { app, BrowserWindow } from 'electron';

/** What starting is held against: an Electron that opens one window with a word in it. */
app
  .whenReady()
  .then(async () => {
    const window = new BrowserWindow({ width: 1440, height: 900 });
    await window.loadURL('data:text/html,<p>empty</p>');
    await window.webContents.executeJavaScript(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
    console.log(`painted ${Date.now()}`);
  })
  .catch((error: unknown) => {
    console.error(error);
    app.exit(1);
  });
