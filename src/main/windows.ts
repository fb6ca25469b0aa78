import { BrowserWindow, Menu, app, nativeTheme, screen, type WebContents } from 'electron';
import type { EventChannel, Events } from '../shared/ipc.ts';
import type { MenuCommand, WindowAction } from '../shared/shell-requests.ts';
import type { AppSettings } from '../shared/settings.ts';
import { contextMenuTemplate } from './context-menu.ts';
import { tell } from './ipc.ts';
import type { JsonStore } from './json-store.ts';
import { menuTemplate } from './menu.ts';
import type { QuitGuard } from './quit-guard.ts';
import { placeWindow, type WindowState } from './window-state.ts';
import { createMainWindow, type PageSource } from './window.ts';

/** All windows of the app; whatever concerns more than one of them goes through here. */
export interface Windows {
  readonly open: () => void;
  /** Brings the one that was used last to the front, or opens one; there a command of the page is run, if it is named. */
  readonly show: (commandId?: string) => void;
  /** Keeps where the window in front is: an app that quits is gone before its windows could tell. */
  readonly remember: () => void;
  tellAll<Channel extends EventChannel>(channel: Channel, event: Events[Channel]): void;
  setMenu(contents: WebContents, commands: readonly MenuCommand[]): void;
  act(contents: WebContents, action: WindowAction): void;
  /** Files that the system wants opened, for the window that asks first. */
  receiveFiles(paths: readonly string[]): void;
  takeFiles(): readonly string[];
  /** 0 to 1; null takes it away. */
  readonly showProgress: (share: number | null) => void;
  readonly hasFocus: () => boolean;
}

export function createWindows(
  source: PageSource,
  settings: JsonStore<AppSettings>,
  state: JsonStore<WindowState>,
  quitGuard: Pick<QuitGuard, 'mayGo'>,
): Windows {
  const menus = new Map<number, readonly MenuCommand[]>();
  /** The one that was used last comes first. */
  let opened: readonly BrowserWindow[] = [];
  let waitingFiles: readonly string[] = [];

  function open(): BrowserWindow {
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
    const others = opened.length;
    const { bounds, isMaximized, isFullScreen } = state.get();
    const place = placeWindow(bounds, areas, others);
    const window = createMainWindow(source, place, nativeTheme.shouldUseDarkColors);
    // A further window beside one that fills the screen would hide it.
    if (others === 0 && isMaximized) window.maximize();
    if (others === 0 && isFullScreen) window.setFullScreen(true);
    const { id } = window.webContents;
    window.webContents.on('context-menu', (_event, params) => {
      const template = contextMenuTemplate(params);
      if (template.length > 0) Menu.buildFromTemplate(template).popup({ window });
    });
    window.webContents.on('did-finish-load', () => window.webContents.setZoomFactor(settings.get().uiScale));
    opened = [window, ...opened];
    window.on('focus', () => {
      opened = [window, ...opened.filter((other) => other !== window)];
      showMenu(id);
    });
    window.on('close', (event) => {
      keepState(window);
      // With the last one the app goes.
      if (opened.length === 1 && !quitGuard.mayGo(() => window.close())) event.preventDefault();
    });
    window.on('closed', () => {
      opened = opened.filter((other) => other !== window);
      menus.delete(id);
    });
    return window;
  }

  function keepState(window: BrowserWindow): void {
    state.set({
      bounds: window.getNormalBounds(),
      isMaximized: window.isMaximized(),
      isFullScreen: window.isFullScreen(),
    });
  }

  function show(): BrowserWindow {
    const window = opened[0] ?? open();
    if (window.isMinimized()) window.restore();
    window.focus();
    return window;
  }

  function showMenu(contentsId: number): void {
    const run = (id: string): void => {
      const [window] = opened;
      if (window !== undefined) tell(window.webContents, 'command:run', { id });
    };
    const surroundings = { platform: process.platform, isPackaged: app.isPackaged };
    const template = menuTemplate(menus.get(contentsId) ?? [], run, surroundings);
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  function applySettings({ theme, uiScale }: AppSettings): void {
    // So that dialogs, menus and scroll bars look like the page.
    nativeTheme.themeSource = theme === 'high-contrast' ? 'dark' : theme;
    for (const window of opened) window.webContents.setZoomFactor(uiScale);
  }
  applySettings(settings.get());
  settings.onChange(applySettings);

  function restart(): void {
    if (!quitGuard.mayGo(restart)) return;
    app.relaunch();
    app.quit();
  }

  const actions: Readonly<Record<WindowAction, (contents: WebContents) => void>> = {
    new: () => void open(),
    close: (contents) => BrowserWindow.fromWebContents(contents)?.close(),
    'full-screen': (contents) => {
      const window = BrowserWindow.fromWebContents(contents);
      window?.setFullScreen(!window.isFullScreen());
    },
    restart,
    quit: () => app.quit(),
    about: () => app.showAboutPanel(),
  };

  return {
    open: () => void open(),
    show: (commandId) => {
      const { webContents } = show();
      if (commandId !== undefined) tell(webContents, 'command:run', { id: commandId });
    },
    remember: () => {
      const [window] = opened;
      if (window !== undefined) keepState(window);
    },
    tellAll: (channel, event) => {
      for (const window of opened) tell(window.webContents, channel, event);
    },
    setMenu: (contents, commands) => {
      menus.set(contents.id, commands);
      if (opened[0]?.webContents.id === contents.id) showMenu(contents.id);
    },
    act: (contents, action) => actions[action](contents),
    receiveFiles: (paths) => {
      waitingFiles = [...waitingFiles, ...paths];
      tell(show().webContents, 'files:waiting', null);
    },
    takeFiles: () => {
      const taken = waitingFiles;
      waitingFiles = [];
      return taken;
    },
    showProgress: (share) => {
      for (const window of opened) window.setProgressBar(share ?? -1);
    },
    hasFocus: () => BrowserWindow.getFocusedWindow() !== null,
  };
}
