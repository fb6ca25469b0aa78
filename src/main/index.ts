import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, clipboard, Notification, powerSaveBlocker } from 'electron';
import { createSessionClock } from '../engine/clock.ts';
import { recordingsFolder } from '../engine/recording/places.ts';
import { succeed, type Result } from '../shared/result.ts';
import { pageOrigin, registerAppScheme, serveAppFrom } from './app-protocol.ts';
import { differencesHandlers } from './answers/differences-desk.ts';
import { processHandlers } from './answers/processes.ts';
import { recordingHandlers } from './answers/recordings-desk.ts';
import { watchHandlers } from './answers/watch-payloads.ts';
import { createAttention, type AttentionTools } from './attention.ts';
import { createExperimentLog } from './experiment-log.ts';
import { askForFile, askForSettingsFile, askWhereToSave } from './file-dialogs.ts';
import { serveRequests } from './ipc.ts';
import { filesInArguments } from './open-files.ts';
import { openRecentItems } from './recent.ts';
import { startServices, type Services } from './services.ts';
import { answerSettings } from './answers/settings.ts';
import { openSettings } from './settings.ts';
import { saveViewPicture } from './view-picture.ts';
import { openWindowState } from './window-state.ts';
import { refuseAllPermissions } from './window.ts';
import { createWindows, type Windows } from './windows.ts';

/**
 * The app from start to quit. Main opens windows and passes ports; it never samples and never computes.
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
  const recent = openRecentItems(join(userData, 'recent.json'));
  const windowState = openWindowState(join(userData, 'window.json'));
  const settingsAtStart = settings.get();
  const samplerEveryMs = 1000 / settingsAtStart.samplerHz;
  const windows = createWindows(
    { preloadFile: join(outFolder, 'preload', 'index.cjs'), developmentUrl },
    settings,
    windowState,
  );
  const experimentLog = createExperimentLog();
  const attention = createAttention({ settings: settings.get, ...attentionTools(windows) });

  const clock = createSessionClock();
  const clockOrigin = { originNs: clock.originNs, startedUnixMs: clock.startedUnixMs };
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
      differencesFile: join(app.getPath('userData'), 'differences.json'),
    },
    { type: 'start-sampler', clockOrigin, everyMs: samplerEveryMs, ownPid: process.pid },
    {
      folder: settingsAtStart.recordingsFolder ?? recordingsFolder(),
      budgetBytes: settingsAtStart.recordingsBudgetBytes,
    },
    {
      onRecordings: (event) => windows.tellAll('recordings:event', event),
      onDifferences: (event) => windows.tellAll('differences:event', event),
      onEvent: (event) => {
        experimentLog.receive(event);
        attention.receive(event);
        windows.tellAll('experiment:event', event);
      },
      onExit: (exit) => {
        if (exit.service === 'engine') {
          attention.receive({ type: 'failed', problem: exit.problem, atMs: clock.nowMs() });
        }
        windows.tellAll('service:exited', exit);
      },
    },
  );

  refuseAllPermissions();
  serveAppFrom(join(outFolder, 'renderer'));
  settings.onChange((changed) => windows.tellAll('settings:changed', changed));
  recent.onChange((items) => windows.tellAll('recent:changed', items));
  serveRequests(
    {
      ...recordingHandlers(services),
      ...differencesHandlers(services),
      ...watchHandlers(services),
      ...processHandlers(services),
      'app:describe': () => services.request('describe', null),
      'experiment:estimate': (plan) => services.request('estimate', plan),
      'experiment:start': async (plan) => {
        const started = await services.request('start', plan);
        if (started.ok) recent.add({ kind: 'experiment', atUnixMs: Date.now(), plan });
        return started;
      },
      'experiment:cancel': () => services.request('cancel', null),
      'experiment:pause': (wish) => services.request('pause', wish),
      'experiment:judge': (wish) => services.request('judge', wish),
      'experiment:heatmaps': (wish) => services.request('heatmaps', wish),
      'experiment:save': async ({ format }, sender) => {
        const path = await askWhereToSave(sender, format);
        if (path === null) return succeed({ path });
        const saved = await services.request('save', { format, path });
        return saved.ok ? succeed({ path }) : saved;
      },
      'experiment:replay': () => Promise.resolve(succeed(experimentLog.events())),
      'strategies:list': (question) => services.request('strategies', question),
      'pythons:list': () => services.request('pythons', null),
      'python:describe': (place) => services.request('python', place),
      'node:describe': (place) => services.request('describe-node', place),
      'file:choose': async ({ purpose }, sender) => succeed({ path: await askForFile(sender, purpose) }),
      'text:copy': async ({ text }) => {
        await clipboard.writeText(text);
        return succeed(null);
      },
      ...answerSettings(settings, settingsAtStart, askForSettingsFile),
      'recent:list': () => Promise.resolve(succeed(recent.get())),
      'recent:add-recording': ({ path }) => {
        recent.add({ kind: 'recording', atUnixMs: Date.now(), path });
        return done();
      },
      'recent:clear': () => {
        recent.set([]);
        return done();
      },
      'files:take': () => Promise.resolve(succeed(windows.takeFiles())),
      'menu:set': (commands, sender) => {
        windows.setMenu(sender, commands);
        return done();
      },
      'view:save-picture': saveViewPicture,
      'window:do': ({ action }, sender) => {
        windows.act(sender, action);
        return done();
      },
      'samples:connect': (_payload, sender) => {
        services.connectSamples(sender);
        return done();
      },
    },
    developmentUrl === null ? pageOrigin : new URL(developmentUrl).origin,
  );

  windows.open();
  files.deliverTo((paths) => windows.receiveFiles(paths));
  app.on('second-instance', (_event, argv, workingFolder) => {
    windows.receiveFiles(filesInArguments(argv, workingFolder, app.isPackaged));
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) windows.open();
  });
  app.on('window-all-closed', () => app.quit());
  quitCleanly(services, windows, [settings.settled, recent.settled, windowState.settled]);
}

function done(): Promise<Result<null>> {
  return Promise.resolve(succeed(null));
}

function attentionTools(windows: Windows): Omit<AttentionTools, 'settings'> {
  let blocker: number | null = null;
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
    notify: (title, body) => {
      if (!Notification.isSupported()) return;
      const notification = new Notification({ title, body });
      notification.on('click', windows.show);
      notification.show();
    },
  };
}

/** A run under way is ended before the app goes, so that no process of it is left behind; and files are written. */
function quitCleanly(services: Services, windows: Windows, settle: readonly (() => Promise<void>)[]): void {
  let cancelled = false;
  app.on('before-quit', (event) => {
    if (cancelled) return;
    event.preventDefault();
    windows.remember();
    const grace = new Promise((resolve) => setTimeout(resolve, quitGraceMs));
    const ended = Promise.all([
      services.request('cancel', null),
      services.request('differences:cancel', null),
      services.request('watch:stop-all', null),
    ]).then(() => Promise.all(settle.map((each) => each())));
    void Promise.race([ended, grace]).then(() => {
      cancelled = true;
      services.stop();
      app.quit();
    });
  });
}
