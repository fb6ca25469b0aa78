import { BrowserWindow, session, shell } from 'electron';
import { pageUrl } from './app-protocol.ts';

/** Where links in the page may lead: to the system's browser, and only to the web. */
function openOutside(url: string): void {
  if (url.startsWith('https://')) void shell.openExternal(url);
}

export function createMainWindow(preloadFile: string, developmentUrl: string | null): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Corescope',
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: '#14161a',
    webPreferences: {
      preload: preloadFile,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.webContents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: 'deny' };
  });
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.on('will-attach-webview', (event) => event.preventDefault());
  void window.loadURL(developmentUrl ?? pageUrl);
  return window;
}

/** The page needs no camera, location, notification or any other permission; whatever asks is refused. */
export function refuseAllPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
}
