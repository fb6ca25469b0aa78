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
import type { RecordingPlace } from './answers/recording-shelf.ts';
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
  stop(): void;
}

export interface ServiceFiles {
  readonly engineProcess: string;
  readonly samplerProcess: string;
  readonly recordingsProcess: string;
}

/**
 * Starts the utility processes and connects them; the one that reads recordings when it is first needed. Main keeps no
 * data of theirs: it passes ports, requests and events on.
 */
export function startServices(
  files: ServiceFiles,
  engineStart: EngineStart,
  samplerStart: SamplerStart,
  recordingPlace: RecordingPlace,
  listeners: {
    readonly onEvent: (event: ExperimentEvent) => void;
    readonly onRecordings: (event: RecordingsEvent) => void;
    readonly onDifferences: (event: DifferencesEvent) => void;
    readonly onExit: (exit: ServiceExit) => void;
  },
): Services {
  const engine = utilityProcess.fork(files.engineProcess, [], { serviceName: 'Corescope engine' });
  const sampler = utilityProcess.fork(files.samplerProcess, [], { serviceName: 'Corescope sampler' });
  const engineAndSampler = new MessageChannelMain();
  tell(sampler, samplerStart);
  tell(sampler, { type: 'attach-engine' }, engineAndSampler.port1);
  engine.postMessage(engineStart, [engineAndSampler.port2]);

  const recordings = createRecordingsService({
    fork: () => utilityProcess.fork(files.recordingsProcess, [], { serviceName: 'Corescope recordings' }),
    place: recordingPlace,
  });
  const channel = new RequestChannel((message) => engine.postMessage(message), engineExited);
  let isMeasuring = false;
  let stopping = false;

  function follow(next: boolean): void {
    if (next !== isMeasuring) recordings.setMeasuring(next);
    isMeasuring = next;
  }

  engine.on('message', (message: FromEngine) => {
    if (message.type === 'event') {
      follow(isMeasuringAfter(message.event, isMeasuring));
      listeners.onEvent(message.event);
      return;
    }
    if (message.type === 'recordings') {
      listeners.onRecordings(message.event);
      return;
    }
    if (message.type === 'differences') {
      follow(isMeasuringAfter(message.event, isMeasuring));
      listeners.onDifferences(message.event);
      return;
    }
    channel.receive(message);
  });
  engine.on('exit', () => {
    channel.end();
    follow(false);
    if (!stopping) listeners.onExit({ service: 'engine', problem: engineExited().problem });
  });
  sampler.on('exit', () => {
    if (!stopping) listeners.onExit({ service: 'sampler', problem: samplerExited().problem });
  });

  return {
    request: async (name, payload) => {
      const result = await (isAboutRecordings(name) ? recordings : channel).ask(name, payload);
      // Each process answers a request by its own type (ServiceRequests).
      return result as Result<ServiceRequests[typeof name]['response']>;
    },
    connectSamples: (contents) => {
      const { port1, port2 } = new MessageChannelMain();
      tell(sampler, { type: 'attach-screen' }, port1);
      contents.postMessage(samplesPortMessage, null, [port2]);
    },
    stop: () => {
      stopping = true;
      engine.kill();
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
