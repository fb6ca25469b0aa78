import { MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron';
import type { ExperimentEvent } from '../shared/experiment-event.ts';
import type { DifferencesEvent } from '../shared/differences-requests.ts';
import type { RecordingsEvent } from '../shared/recordings-requests.ts';
import { samplesPortMessage, type ServiceExit } from '../shared/ipc.ts';
import { fail, type Failure, type Result } from '../shared/result.ts';
import type {
  EngineRequestMessage,
  EngineRequestName,
  EngineRequests,
  EngineStart,
  FromEngine,
  SamplerProcessMessage,
  SamplerStart,
} from './engine-messages.ts';

export interface Services {
  request<Name extends EngineRequestName>(
    name: Name,
    payload: EngineRequests[Name]['request'],
  ): Promise<Result<EngineRequests[Name]['response']>>;
  /** Hands a page its own port to the sampler; frames then bypass main. */
  connectSamples(contents: WebContents): void;
  stop(): void;
}

export interface ServiceFiles {
  readonly engineProcess: string;
  readonly samplerProcess: string;
}

/**
 * Starts the two utility processes and connects them. Main keeps no data of theirs: it passes ports, requests and
 * events on.
 */
export function startServices(
  files: ServiceFiles,
  engineStart: EngineStart,
  samplerStart: SamplerStart,
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

  const waiting = new Map<number, (result: Result<unknown>) => void>();
  let nextId = 1;
  let engineGone = false;
  let stopping = false;

  engine.on('message', (message: FromEngine) => {
    if (message.type === 'event') {
      listeners.onEvent(message.event);
      return;
    }
    if (message.type === 'recordings') {
      listeners.onRecordings(message.event);
      return;
    }
    if (message.type === 'differences') {
      listeners.onDifferences(message.event);
      return;
    }
    waiting.get(message.id)?.(message.result);
    waiting.delete(message.id);
  });
  engine.on('exit', () => {
    engineGone = true;
    for (const resolve of waiting.values()) resolve(engineExited());
    waiting.clear();
    if (!stopping) listeners.onExit({ service: 'engine', problem: engineExited().problem });
  });
  sampler.on('exit', () => {
    if (!stopping) listeners.onExit({ service: 'sampler', problem: samplerExited().problem });
  });

  return {
    request: async (name, payload) => {
      if (engineGone) return engineExited();
      const id = nextId;
      nextId += 1;
      const message = { type: 'request', id, name, payload } as EngineRequestMessage;
      const result = await new Promise<Result<unknown>>((resolve) => {
        waiting.set(id, resolve);
        engine.postMessage(message);
      });
      // The engine process answers each request by its own type (EngineRequests); ids are never reused.
      return result as Result<EngineRequests[typeof name]['response']>;
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
    },
  };
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
