import { BrowserWindow, session, shell } from 'electron';
import { pageUrl } from './app-protocol.ts';
import { smallestWindow, type placeWindow } from './window-state.ts';

/** Where links in the page may lead: to the system's browser, and only to the web. */
function openOutside(url: string): void {
  if (url.startsWith('https://')) void shell.openExternal(url);
}

/** Where the page and its preload script come from. */
export interface PageSource {
  readonly preloadFile: string;
  /** electron-vite's server; null: the built page. */
  readonly developmentUrl: string | null;
}

/** What is seen until the page has been painted: `--page` of theme.css. */
const pageColours = { dark: '#101216', light: '#f4f5f7' } as const;

export function createMainWindow(
  { preloadFile, developmentUrl }: PageSource,
  { x, y, width, height }: ReturnType<typeof placeWindow>,
  isDark: boolean,
): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Corescope',
    width,
    height,
    ...(x === null || y === null ? {} : { x, y }),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    // Shown before there is anything in it: a page that nobody sees waits to be painted until it is shown.
    backgroundColor: isDark ? pageColours.dark : pageColours.light,
    webPreferences: {
      preload: preloadFile,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
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
