import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, clipboard } from 'electron';
import { createSessionClock } from '../engine/clock.ts';
import type { EventChannel, Events } from '../shared/ipc.ts';
import { succeed } from '../shared/result.ts';
import { pageOrigin, registerAppScheme, serveAppFrom } from './app-protocol.ts';
import { recordingHandlers } from './answers/recordings-desk.ts';
import { askForFile, askWhereToSave } from './file-dialogs.ts';
import { serveRequests, tell } from './ipc.ts';
import { startServices, type Services } from './services.ts';
import { createMainWindow, refuseAllPermissions } from './window.ts';

/**
 * The app from start to quit. Main opens windows and passes ports; it never samples and never computes.
 * (No top-level await on `whenReady`: in an ES module main that hangs, electron#40719.)
 */
const mainFolder = dirname(fileURLToPath(import.meta.url));
const outFolder = dirname(mainFolder);
const projectFolder = dirname(outFolder);
const samplerEveryMs = 100;
const quitGraceMs = 2000;

/** electron-vite's dev server, in development only: a packaged app must not load a page named by a variable. */
const developmentUrl = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null);

// For root Chromium's sandbox cannot start; `--no-sandbox` then says so, and insisting would crash every child.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerAppScheme();
void app.whenReady().then(run);

function run(): void {
  const clock = createSessionClock();
  const clockOrigin = { originNs: clock.originNs, startedUnixMs: clock.startedUnixMs };
  const services = startServices(
    {
      engineProcess: join(mainFolder, 'engine-process.js'),
      samplerProcess: join(mainFolder, 'sampler-process.js'),
    },
    {
      type: 'start-engine',
      version: app.getVersion(),
      clockOrigin,
      samplerEveryMs,
      nodeProgramsFolder: join(outFolder, 'node'),
      pythonFolder: join(projectFolder, 'resources', 'python'),
    },
    { type: 'start-sampler', clockOrigin, everyMs: samplerEveryMs, ownPid: process.pid },
    {
      onEvent: (event) => tellAll('experiment:event', event),
      onRecordings: (event) => tellAll('recordings:event', event),
      onExit: (exit) => tellAll('service:exited', exit),
    },
  );

  refuseAllPermissions();
  serveAppFrom(join(outFolder, 'renderer'));
  serveRequests(
    {
      ...recordingHandlers(services),
      'app:describe': () => services.request('describe', null),
      'experiment:estimate': (plan) => services.request('estimate', plan),
      'experiment:start': (plan) => services.request('start', plan),
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
      'strategies:list': (question) => services.request('strategies', question),
      'pythons:list': () => services.request('pythons', null),
      'python:describe': (place) => services.request('python', place),
      'file:choose': async ({ purpose }, sender) => succeed({ path: await askForFile(sender, purpose) }),
      'text:copy': async ({ text }) => {
        await clipboard.writeText(text);
        return succeed(null);
      },
      'samples:connect': (_payload, sender) => {
        services.connectSamples(sender);
        return Promise.resolve(succeed(null));
      },
    },
    developmentUrl === null ? pageOrigin : new URL(developmentUrl).origin,
  );

  const openWindow = (): void => {
    createMainWindow(join(outFolder, 'preload', 'index.cjs'), developmentUrl);
  };
  openWindow();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on('window-all-closed', () => app.quit());
  quitCleanly(services);
}

function tellAll<Channel extends EventChannel>(channel: Channel, event: Events[Channel]): void {
  for (const window of BrowserWindow.getAllWindows()) tell(window.webContents, channel, event);
}

/** A run under way is ended before the app goes, so that no process of it is left behind. */
function quitCleanly(services: Services): void {
  let cancelled = false;
  app.on('before-quit', (event) => {
    if (cancelled) return;
    event.preventDefault();
    const grace = new Promise((resolve) => setTimeout(resolve, quitGraceMs));
    void Promise.race([services.request('cancel', null), grace]).then(() => {
      cancelled = true;
      services.stop();
      app.quit();
    });
  });
}
