import { clipboard } from 'electron';
import { glanceAtMachine, usableCores } from '../engine/machine.ts';
import { workloads } from '../engine/workloads/index.ts';
import { succeed, type Result } from '../shared/result.ts';
import type { AppSettings } from '../shared/settings.ts';
import type { Milliseconds } from '../shared/units.ts';
import { differencesHandlers } from './answers/differences-desk.ts';
import { processHandlers } from './answers/processes.ts';
import { recordingHandlers } from './answers/recordings-desk.ts';
import { answerSettings } from './answers/settings.ts';
import { watchHandlers } from './answers/watch-payloads.ts';
import type { ExperimentLog } from './experiment-log.ts';
import { askForFile, askForSettingsFile, askWhereToSave } from './file-dialogs.ts';
import type { Answers } from './ipc.ts';
import type { JsonStore } from './json-store.ts';
import { payloadParsers } from './payloads.ts';
import { openRecentItems } from './recent.ts';
import type { Services } from './services.ts';
import { saveViewPicture } from './view-picture.ts';
import type { Windows } from './windows.ts';

/** What the requests of a page are answered with. */
export interface AnswerTools {
  readonly version: string;
  readonly samplerEveryMs: Milliseconds;
  readonly services: Services;
  readonly windows: Windows;
  readonly experimentLog: ExperimentLog;
  readonly settings: JsonStore<AppSettings>;
  readonly settingsAtStart: AppSettings;
  readonly recentFile: string;
}

/** All that a page may ask, each with who answers it; read while the first page loads. */
export function createAnswers(tools: AnswerTools): Answers & { readonly recentSettled: () => Promise<void> } {
  const { services, windows, experimentLog, settings, settingsAtStart } = tools;
  const recent = openRecentItems(tools.recentFile);
  recent.onChange((items) => windows.tellAll('recent:changed', items));
  const description = {
    version: tools.version,
    machine: glanceAtMachine(),
    workloads,
    usableCores: usableCores(),
    samplerEveryMs: tools.samplerEveryMs,
  };
  return {
    recentSettled: recent.settled,
    parsers: payloadParsers,
    handlers: {
      ...recordingHandlers(services),
      ...differencesHandlers(services),
      ...watchHandlers(services),
      ...processHandlers(services),
      'app:describe': () => Promise.resolve(succeed(description)),
      'app:look-around': () => services.request('look-around', null),
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
  };
}

function done(): Promise<Result<null>> {
  return Promise.resolve(succeed(null));
}
