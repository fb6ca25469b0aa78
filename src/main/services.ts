import { MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron';
import type { ExperimentEvent } from '../shared/experiment-event.ts';
import type { DifferencesEvent } from '../shared/differences-requests.ts';
import type { RecordingsEvent } from '../shared/recordings-requests.ts';
import { samplesPortMessage, type ServiceExit } from '../shared/ipc.ts';
import { fail, type Failure, type Result } from '../shared/result.ts';
import type {
  EngineStart,
  FromEngine,
  SamplerProcessMessage,
  SamplerStart,
  ServiceRequests,
} from './engine-messages.ts';
import type { PlacePreferences } from './answers/recording-shelf.ts';
import { isMeasuringAfter } from './measuring.ts';
import { createRecordingsService } from './recordings-service.ts';
import { RequestChannel } from './request-channel.ts';

export interface Services {
  request<Name extends keyof ServiceRequests>(
    name: Name,
    payload: ServiceRequests[Name]['request'],
  ): Promise<Result<ServiceRequests[Name]['response']>>;
  /** Hands a page its own port to the sampler; frames then bypass main. */
  connectSamples(contents: WebContents): void;
  /** Ends what the engine has under way. */
  cancelAll(): Promise<void>;
  stop(): void;
}

export interface ServiceFiles {
  readonly engineProcess: string;
  readonly samplerProcess: string;
  readonly recordingsProcess: string;
}

/** The engine's process, from the first request to it. */
interface RunningEngine {
  readonly process: UtilityProcess;
  readonly channel: RequestChannel;
}

/**
 * Starts the utility processes and connects them: the sampler at once, for every window shows what it sees; the engine
 * and the process that reads recordings when they are first asked something, so that a window that opens has the
 * machine for itself. Main keeps no data of theirs: it passes ports, requests and events on.
 */
export function startServices(
  files: ServiceFiles,
  engineStart: EngineStart,
  samplerStart: SamplerStart,
  preferences: PlacePreferences,
  listeners: {
    readonly onEvent: (event: ExperimentEvent) => void;
    readonly onRecordings: (event: RecordingsEvent) => void;
    readonly onDifferences: (event: DifferencesEvent) => void;
    readonly onExit: (exit: ServiceExit) => void;
  },
): Services {
  const sampler = utilityProcess.fork(files.samplerProcess, [], { serviceName: 'Corescope sampler' });
  tell(sampler, samplerStart);
  const recordings = createRecordingsService({
    fork: () => utilityProcess.fork(files.recordingsProcess, [], { serviceName: 'Corescope recordings' }),
    preferences,
  });
  let engine: RunningEngine | null = null;
  let isMeasuring = false;
  let stopping = false;

  function follow(next: boolean): void {
    if (next !== isMeasuring) recordings.setMeasuring(next);
    isMeasuring = next;
  }

  function startEngine(): RunningEngine {
    const process = utilityProcess.fork(files.engineProcess, [], { serviceName: 'Corescope engine' });
    const channel = new RequestChannel((message) => process.postMessage(message), engineExited);
    const { port1, port2 } = new MessageChannelMain();
    tell(sampler, { type: 'attach-engine' }, port1);
    process.postMessage(engineStart, [port2]);
    process.on('message', (message: FromEngine) => receive(channel, message));
    process.on('exit', () => {
      channel.end();
      follow(false);
      if (!stopping) listeners.onExit({ service: 'engine', problem: engineExited().problem });
    });
    engine = { process, channel };
    return engine;
  }

  function receive(channel: RequestChannel, message: FromEngine): void {
    switch (message.type) {
      case 'event':
        follow(isMeasuringAfter(message.event, isMeasuring));
        listeners.onEvent(message.event);
        break;
      case 'recordings':
        listeners.onRecordings(message.event);
        break;
      case 'differences':
        follow(isMeasuringAfter(message.event, isMeasuring));
        listeners.onDifferences(message.event);
        break;
      case 'response':
        channel.receive(message);
        break;
    }
  }

  sampler.on('exit', () => {
    if (!stopping) listeners.onExit({ service: 'sampler', problem: samplerExited().problem });
  });

  return {
    request: async (name, payload) => {
      const asked = isAboutRecordings(name) ? recordings : (engine ?? startEngine()).channel;
      const result = await asked.ask(name, payload);
      // Each process answers a request by its own type (ServiceRequests).
      return result as Result<ServiceRequests[typeof name]['response']>;
    },
    connectSamples: (contents) => {
      const { port1, port2 } = new MessageChannelMain();
      tell(sampler, { type: 'attach-screen' }, port1);
      contents.postMessage(samplesPortMessage, null, [port2]);
    },
    cancelAll: async () => {
      if (engine === null) return;
      const { channel } = engine;
      const names = ['cancel', 'differences:cancel', 'watch:stop-all'] as const;
      await Promise.all(names.map((name) => channel.ask(name, null)));
    },
    stop: () => {
      stopping = true;
      engine?.process.kill();
      sampler.kill();
      recordings.stop();
    },
  };
}

/** Their names say it: nothing else is called so. */
function isAboutRecordings(name: keyof ServiceRequests): boolean {
  return /^(recordings?|foreign):/.test(name);
}

function tell(
  process: UtilityProcess,
  message: SamplerProcessMessage,
  ...ports: readonly Electron.MessagePortMain[]
): void {
  process.postMessage(message, [...ports]);
}

function engineExited(): Failure {
  return fail(
    'engine-exited',
    "Corescope's engine process has ended unexpectedly; its run was ended with it.",
    'Restart Corescope. If it happens again, report it with what was running.',
  );
}

function samplerExited(): Failure {
  return fail(
    'sampler-exited',
    "Corescope's sampler process has ended unexpectedly: cores and memory are not seen any more.",
    'Restart Corescope. If it happens again, report it with what was running.',
  );
}
