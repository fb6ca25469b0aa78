import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  dialog,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  type MessageBoxOptions,
} from 'electron';
import { createSessionClock } from '../engine/clock.ts';
import { pageOrigin, registerAppScheme, serveAppFrom } from './app-protocol.ts';
import { createAttention, type AttentionTools } from './attention.ts';
import { createExperimentLog } from './experiment-log.ts';
import { serveRequests } from './ipc.ts';
import { filesInArguments } from './open-files.ts';
import { createQuitGuard, type QuitGuard, type QuitQuestion } from './quit-guard.ts';
import { startServices, type Services } from './services.ts';
import { openSettings } from './settings.ts';
import { openWindowState } from './window-state.ts';
import { refuseAllPermissions } from './window.ts';
import { createWindows, type Windows } from './windows.ts';

/**
 * The app from start to quit. Main opens windows and passes ports; it never samples and never computes. What a window
 * does not need in order to be shown is not imported here: all that answers it is read while its page loads.
 * (No top-level await on `whenReady`: in an ES module main that hangs, electron#40719.)
 */
const mainFolder = dirname(fileURLToPath(import.meta.url));
const outFolder = dirname(mainFolder);
const projectFolder = dirname(outFolder);
const quitGraceMs = 2000;

/** electron-vite's dev server, in development only: a packaged app must not load a page named by a variable. */
const developmentUrl = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null);

// For root Chromium's sandbox cannot start; `--no-sandbox` then says so, and insisting would crash every child.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// One Corescope per user: two would measure each other. The second hands its files over and goes.
if (app.requestSingleInstanceLock()) {
  const files = collectFiles();
  registerAppScheme();
  void app.whenReady().then(() => run(files));
} else app.quit();

/** Files that the system wants opened, before and after there is a window for them. */
interface OpenedFiles {
  deliverTo(listener: (paths: readonly string[]) => void): void;
}

function collectFiles(): OpenedFiles {
  let waiting: readonly string[] = filesInArguments(process.argv, process.cwd(), app.isPackaged);
  let listener: ((paths: readonly string[]) => void) | null = null;
  // macOS names files by this event, and does so before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (listener === null) waiting = [...waiting, path];
    else listener([path]);
  });
  return {
    deliverTo: (next) => {
      listener = next;
      if (waiting.length > 0) next(waiting);
      waiting = [];
    },
  };
}

function run(files: OpenedFiles): void {
  const userData = app.getPath('userData');
  const settings = openSettings(join(userData, 'settings.json'));
  const windowState = openWindowState(join(userData, 'window.json'));
  const settingsAtStart = settings.get();
  const quitGuard = createQuitGuard({ measured: () => attention.measured(), ask: askBeforeQuitting });
  const windows = createWindows(
    { preloadFile: join(outFolder, 'preload', 'index.cjs'), developmentUrl },
    settings,
    windowState,
    quitGuard,
  );
  refuseAllPermissions();
  serveAppFrom(join(outFolder, 'renderer'));
  // The window comes first: the sampler's process is launched behind it, and its page loads while the rest is read.
  windows.open();

  const experimentLog = createExperimentLog();
  const attention = createAttention({ settings: settings.get, ...attentionTools(windows) });
  const clock = createSessionClock();
  const clockOrigin = { originNs: clock.originNs, startedUnixMs: clock.startedUnixMs };
  const samplerEveryMs = 1000 / settingsAtStart.samplerHz;
  const services = startServices(
    {
      engineProcess: join(mainFolder, 'engine-process.js'),
      samplerProcess: join(mainFolder, 'sampler-process.js'),
      recordingsProcess: join(mainFolder, 'recordings-process.js'),
    },
    {
      type: 'start-engine',
      version: app.getVersion(),
      clockOrigin,
      samplerEveryMs,
      preferences: settingsAtStart,
      nodeProgramsFolder: join(outFolder, 'node'),
      pythonFolder: join(projectFolder, 'resources', 'python'),
      probesFolder: join(projectFolder, 'resources', 'differences'),
      ownPid: process.pid,
      differencesFile: join(userData, 'differences.json'),
    },
    { type: 'start-sampler', clockOrigin, everyMs: samplerEveryMs, ownPid: process.pid },
    settingsAtStart,
    {
      onRecordings: (event) => windows.tellAll('recordings:event', event),
      onDifferences: (event) => {
        attention.receiveDifferences(event, clock.nowMs());
        windows.tellAll('differences:event', event);
      },
      onEvent: (event) => {
        experimentLog.receive(event);
        attention.receive(event);
        windows.tellAll('experiment:event', event);
      },
      onExit: (exit) => {
        if (exit.service === 'engine') {
          attention.engineEnded(exit.problem, clock.nowMs());
        }
        windows.tellAll('service:exited', exit);
      },
    },
  );
  settings.onChange((changed) => windows.tellAll('settings:changed', changed));
  const answers = import('./requests.ts').then(({ createAnswers }) =>
    createAnswers({
      version: app.getVersion(),
      samplerEveryMs,
      services,
      windows,
      experimentLog,
      settings,
      settingsAtStart,
      recentFile: join(userData, 'recent.json'),
    }),
  );
  serveRequests(answers, developmentUrl === null ? pageOrigin : new URL(developmentUrl).origin);

  files.deliverTo((paths) => windows.receiveFiles(paths));
  app.on('second-instance', (_event, argv, workingFolder) => {
    windows.receiveFiles(filesInArguments(argv, workingFolder, app.isPackaged));
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) windows.open();
  });
  app.on('window-all-closed', () => app.quit());
  const recentSettled = async (): Promise<void> => (await answers).recentSettled();
  quitCleanly(services, windows, quitGuard, [settings.settled, recentSettled, windowState.settled]);
}

function attentionTools(windows: Windows): Omit<AttentionTools, 'settings'> {
  let blocker: number | null = null;
  /** Kept while they are seen: one that nothing refers to is collected, and its click with it. */
  const shown = new Set<Notification>();
  const letSleep = (): void => {
    if (blocker !== null) powerSaveBlocker.stop(blocker);
    blocker = null;
  };
  return {
    showProgress: windows.showProgress,
    hasFocus: windows.hasFocus,
    keepAwake: () => {
      letSleep();
      blocker = powerSaveBlocker.start('prevent-app-suspension');
    },
    letSleep,
    notify: (title, body, measured) => {
      if (!Notification.isSupported()) return;
      const notification = new Notification({ title, body });
      notification.on('click', () => windows.show(measured));
      notification.on('close', () => shown.delete(notification));
      shown.add(notification);
      notification.show();
    },
  };
}

/** True where the user wants to quit all the same. */
async function askBeforeQuitting({ message, detail, buttons }: QuitQuestion): Promise<boolean> {
  const options: MessageBoxOptions = {
    type: 'question',
    message,
    detail,
    buttons: [...buttons],
    defaultId: 0,
    cancelId: 0,
  };
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { response } =
    window === undefined
      ? await dialog.showMessageBox(options)
      : await dialog.showMessageBox(window, options);
  return response === 1;
}

/** A run under way is ended before the app goes, so that no process of it is left behind; and files are written. */
function quitCleanly(
  services: Services,
  windows: Windows,
  quitGuard: QuitGuard,
  settle: readonly (() => Promise<void>)[],
): void {
  let cancelled = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      quitGuard.agree();
      app.quit();
    });
  }
  powerMonitor.on('shutdown', () => quitGuard.agree());
  app.on('before-quit', (event) => {
    if (cancelled) return;
    event.preventDefault();
    if (!quitGuard.mayGo(() => app.quit())) return;
    windows.remember();
    const grace = new Promise((resolve) => setTimeout(resolve, quitGraceMs));
    const ended = services.cancelAll().then(() => Promise.all(settle.map((each) => each())));
    void Promise.race([ended, grace]).then(() => {
      cancelled = true;
      services.stop();
      app.quit();
    });
  });
}
