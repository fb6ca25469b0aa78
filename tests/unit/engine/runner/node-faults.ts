import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readParameter, type NodeWorkload } from '../../../../src/engine/workloads/node-task.ts';

/**
 * Takes the place of the real workloads in a real host: `n` chooses what task 1 does to its worker, and a server
 * for `cluster`.
 */
const faults = new Map<number, () => void>([
  [
    1,
    () => {
      throw new TypeError('boom');
    },
  ],
  [2, () => process.exit(7)],
  [3, () => process.kill(process.pid, 'SIGKILL')],
]);

const workload: NodeWorkload = {
  prepare({ channel, report, note }) {
    note(`prepared for ${channel}`);
    return Promise.resolve({
      shared: { base: 100 },
      finish() {
        report('finished', 1, 'times');
        return Promise.resolve();
      },
    });
  },
  run(params, { task, shared, report }) {
    if (task === 1) faults.get(readParameter(params, 'n'))?.();
    if (task === 2) report('tasks done', 1, 'tasks');
    return `done ${task + baseOf(shared)}`;
  },
  serve: {
    start(params, { shared }) {
      const server = createServer((request, response) => {
        const task = Number(request.url?.slice(1));
        if (task === 1) faults.get(readParameter(params, 'n'))?.();
        response.setHeader('connection', 'close');
        response.end(`done ${task + baseOf(shared)}`);
      });
      return new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          resolve({
            port: portOf(server.address()),
            close: () => new Promise((closed) => server.close(() => closed())),
          });
        });
      });
    },
    request: (_params, { task }, port) =>
      new Promise((resolve, reject) => {
        get({ host: '127.0.0.1', port, path: `/${task}`, agent: false }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () => resolve(text));
          response.on('error', reject);
        }).on('error', reject);
      }),
  },
};

function baseOf(shared: unknown): number {
  if (typeof shared !== 'object' || shared === null || !('base' in shared))
    throw new Error('nothing is shared');
  return Number(shared.base);
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export const nodeWorkloads: ReadonlyMap<string, () => Promise<NodeWorkload>> = new Map([
  ['count-loop', () => Promise.resolve(workload)],
]);
