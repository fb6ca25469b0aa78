import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A burst of connections may wait here; what does not fit is tried again by the kernel after a second. */
const backlog = 4_096;

/**
 * Answers GET /TASK/REQUEST after `latencyMs` with a number that depends on both. Listens on a free port of
 * 127.0.0.1.
 */
export function startHttpServer(latencyMs: number): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const [task = 0, index = 0] = (request.url ?? '').split('/').slice(1).map(Number);
    const body = String(answerTo(task, index));
    setTimeout(() => response.setHeader('content-length', body.length).end(body), latencyMs);
  });
  // Longer than any pause of a worker between two requests, so that no connection ends under a request.
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', backlog }, () => {
      const address = server.address();
      if (isAddressInfo(address)) resolve({ server, port: address.port });
    });
  });
}

/** What the server answers; its twin is in resources/python/corescope_host/http_server.py. */
export function answerTo(task: number, request: number): number {
  return (task * 1_009 + request * 9_176 + 1) % 65_521;
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
