import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { app } from 'electron';

/** The built app as it is; the only thing added is somebody who goes to the live view as soon as there is a way. */
const goToLive = `new Promise((resolve) => {
  const painted = () => requestAnimationFrame(() => requestAnimationFrame(resolve));
  new PerformanceObserver((list) => {
    if (list.getEntriesByName('heatmap:first-column').length > 0) painted();
  }).observe({ type: 'mark', buffered: true });
  const click = () => {
    const button = [...document.querySelectorAll('nav button')].find(({ textContent }) => textContent.includes('Live'));
    if (button === undefined) requestAnimationFrame(click);
    else button.click();
  };
  click();
})`;

app.on('browser-window-created', (_, window) => {
  window.webContents.once('dom-ready', () => {
    window.webContents
      .executeJavaScript(goToLive)
      .then(() => console.log(`painted ${Date.now()}`))
      .catch((error: unknown) => {
        console.error(error);
        app.exit(1);
      });
  });
});

const outFolder = dirname(dirname(fileURLToPath(import.meta.url)));
await import(/* @vite-ignore */ pathToFileURL(join(outFolder, 'main', 'index.js')).href);
