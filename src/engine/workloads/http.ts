import type { Agent } from 'node:http';
import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import {
  type NodeWorkload,
  type PortServer,
  readChoice,
  readParameter,
  type TaskContext,
} from './node-task.ts';

export const http: WorkloadDescription = {
  id: 'http',
  title: 'HTTP requests',
  summary:
    'Asks a local server that answers after a set latency. Stands for a service that calls other services.',
  kind: 'io',
  parameters: [
    {
      type: 'number',
      name: 'requests',
      label: 'Requests',
      unit: '',
      min: 1,
      max: 10_000,
      integer: true,
      defaults: { node: 10, python: 10 },
      help: 'How many requests one task sends: one after the other, and on an event loop all at once.',
    },
    {
      type: 'number',
      name: 'latencyMs',
      label: 'Latency',
      unit: 'ms',
      min: 1,
      max: 10_000,
      integer: true,
      defaults: { node: 20, python: 20 },
      help: 'How long the server waits before it answers.',
    },
    {
      type: 'choice',
      name: 'keepAlive',
      label: 'Keep connections',
      choices: ['on', 'off'],
      defaults: { node: 'on', python: 'on' },
      help: 'Whether a task sends its next request over the connection of the last one. What is sent at once needs a connection for each anyway.',
    },
  ],
  expectedSignature: {
    node: 'Hardly any core is busy. Threads and processes take 1/workers of the serial time; the event loop has every request under way at once and needs a fraction of that. Cluster workers are servers here: they share the port.',
    python:
      'Hardly any core is busy; who waits for an answer gives up the interpreter lock, so threads gain as much as processes. asyncio has every request under way at once and needs a fraction of that.',
  },
  servesPort: true,
};

/**
 * Of one process at a time. More would pass the number of files that a process may have open (1024 by default on
 * Linux); fewer would make requests wait for one another where nobody else would.
 */
const mostConnections = 500;

export const httpWork: NodeWorkload = {
  async prepare({ params, strategy }) {
    // There, the workers are the servers.
    if (strategy === 'cluster') return {};
    const { startServerProcess } = await import('./http-server-start.ts');
    const server = await startServerProcess(readParameter(params, 'latencyMs'));
    return { shared: server.port, close: () => server.end() };
  },

  async run(params, context) {
    if (typeof context.shared !== 'number') throw new Error('the server has no port');
    return sendRequests(params, context, context.shared);
  },

  serve: {
    async start(params): Promise<PortServer> {
      const { startHttpServer } = await import('./http-server.ts');
      const { server, port } = await startHttpServer(readParameter(params, 'latencyMs'));
      return {
        port,
        close: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    },
    request: (params, context, port) => sendRequests(params, context, port),
  },
};

/** For requests that are sent at once. Loaded late: node:http is not for those who only read descriptions. */
let loopAgent: Agent | null = null;

/** Returns how many answers there were, and their sum. */
async function sendRequests(
  params: WorkloadParams,
  { task, strategy }: Pick<TaskContext, 'task' | 'strategy'>,
  port: number,
): Promise<string> {
  const { Agent, get } = await import('node:http');
  const requests = readParameter(params, 'requests');

  function ask(request: number, agent: Agent): Promise<number> {
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: `/${task}/${request}`, agent }, (response) => {
        let body = '';
        response.setEncoding('latin1');
        response.on('data', (text: string) => (body += text));
        response.once('error', reject);
        response.once('end', () => {
          if (response.statusCode === 200) resolve(Number(body));
          else reject(new Error(`the server answered with status ${response.statusCode}`));
        });
      }).once('error', reject);
    });
  }

  let sum = 0;
  if (strategy === 'async') {
    const agent = (loopAgent ??= new Agent({ maxSockets: mostConnections }));
    const answers = Array.from({ length: requests }, (_, request) => ask(request, agent));
    for (const answer of await Promise.all(answers)) sum += answer;
  } else {
    const agent = new Agent({ keepAlive: readChoice(params, 'keepAlive') === 'on', maxSockets: 1 });
    try {
      for (let request = 0; request < requests; request += 1) sum += await ask(request, agent);
    } finally {
      agent.destroy();
    }
  }
  return `${requests} answers, sum ${sum}`;
}
