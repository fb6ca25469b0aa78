import { samplesPortMessage, type Bridge } from '../../shared/ipc.ts';

declare global {
  interface Window {
    readonly corescope: Bridge;
  }
}

/** The one place that knows `window.corescope`; components get a `Backend`, tests pass one of their own. */
export interface Backend extends Bridge {
  /** Resolves with this page's port to the sampler. */
  connectSamples(): Promise<MessagePort>;
}

async function connectSamples(): Promise<MessagePort> {
  const arrival = new Promise<MessagePort>((resolve) => {
    const listen = (event: MessageEvent<unknown>): void => {
      const [port] = event.ports;
      if (event.source !== window || port === undefined || !isPortMessage(event.data)) return;
      window.removeEventListener('message', listen);
      resolve(port);
    };
    window.addEventListener('message', listen);
  });
  const asked = await window.corescope.request('samples:connect', null);
  if (!asked.ok) throw new Error(asked.problem.message);
  return await arrival;
}

function isPortMessage(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === samplesPortMessage;
}

export const backend: Backend = {
  request: (channel, payload) => window.corescope.request(channel, payload),
  on: (channel, listener) => window.corescope.on(channel, listener),
  pathOf: (droppedFile) => window.corescope.pathOf(droppedFile),
  connectSamples,
};
