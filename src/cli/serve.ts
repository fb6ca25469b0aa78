import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { createSessionClock } from '../engine/clock.ts';
import { metricsContentType, metricsText } from '../engine/export/openmetrics.ts';
import { createSamplerWorker } from '../engine/sampler/remote.ts';
import { decodeFrame } from '../shared/frame-codec.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import type { EntityInfo, SamplerMessage } from '../shared/sample.ts';
import { files } from './files.ts';
import { listenForInterruption } from './interruption.ts';
import { exitCodes, printNote, printProblem, type Terminal } from './terminal.ts';

export interface ServeOptions {
  readonly metrics?: true | undefined;
  readonly port: string;
  readonly pid: readonly string[];
  readonly every: string;
}

/** Nobody else on the network: what runs here, with its command lines, is the user's business. */
const loopback = '127.0.0.1';

/** Tells the newest sample to whoever asks, until Ctrl-C. Answers the exit code. */
export async function serveMetrics(
  options: ServeOptions,
  terminal: Terminal,
  version: string,
): Promise<number> {
  const input = check(options);
  if (!input.ok) {
    printProblem(terminal, input.problem);
    return exitCodes.badInput;
  }
  const { port, pids, everyMs } = input.value;
  const interruption = listenForInterruption();
  const clock = createSessionClock();
  const { originNs, startedUnixMs } = clock;
  const sampler = createSamplerWorker({
    workerFile: files.samplerWorker,
    clockOrigin: { originNs, startedUnixMs },
    everyMs,
    // Nobody asks more often than once a second.
    holdMs: 1000,
  });
  const newest = new NewestSample();
  const unsubscribe = sampler.subscribe((message) => newest.receive(message));
  for (const pid of pids) sampler.watch({ pid, owner: 'run' });
  const server = createMetricsServer(newest, version);
  try {
    server.listen(port, loopback);
    const failed = await listening(server);
    if (failed !== null) {
      printProblem(terminal, {
        kind: 'port-not-opened',
        message: `Port ${port} of ${loopback} cannot be opened: ${failed}.`,
        advice: 'Choose another one with --port; 0 takes any that is free.',
      });
      return exitCodes.badInput;
    }
    const address = server.address();
    const actual = typeof address === 'object' && address !== null ? address.port : port;
    printNote(terminal, `http://${loopback}:${actual}/metrics until Ctrl-C`);
    if (!interruption.signal.aborted) await once(interruption.signal, 'abort');
    return exitCodes.success;
  } finally {
    server.closeAllConnections();
    server.close();
    unsubscribe();
    await sampler.stop();
    interruption.stopListening();
  }
}

async function listening(server: Server): Promise<string | null> {
  return await new Promise((resolve) => {
    server.once('listening', () => resolve(null));
    server.once('error', (error) => resolve(error.message));
  });
}

class NewestSample {
  readonly entities = new Map<number, EntityInfo>();
  #buffer: ArrayBuffer | null = null;

  get frame() {
    return this.#buffer === null ? null : decodeFrame(this.#buffer);
  }

  receive(message: SamplerMessage): void {
    if (message.type === 'frame') this.#buffer = message.buffer;
    if (message.type !== 'entities') return;
    for (const entity of message.appeared) this.entities.set(entity.key, entity);
    for (const key of message.goneKeys) this.entities.delete(key);
  }
}

function createMetricsServer(newest: NewestSample, version: string): Server {
  return createServer((request, response) => {
    // Of a page that was led here by a name of its own (DNS rebinding): a browser tells its name, we only have ours.
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (host !== loopback && host !== 'localhost') {
      response.writeHead(403).end();
      return;
    }
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('See /metrics\n');
      return;
    }
    const isOpen = (request.headers.accept ?? '').includes('application/openmetrics-text');
    const dialect = isOpen ? 'openmetrics' : 'prometheus';
    response.writeHead(200, { 'content-type': metricsContentType[dialect] });
    response.end(metricsText(newest.frame, newest.entities, version, dialect));
  });
}

function check(options: ServeOptions): Result<{ port: number; pids: number[]; everyMs: number }> {
  if (options.metrics !== true) {
    return fail(
      'nothing-to-serve',
      'It was not said what to serve.',
      'Say it like: corescope serve --metrics.',
    );
  }
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    return fail('invalid-port', `--port ${options.port} is not a port.`, 'Choose one from 1024 to 65535.');
  }
  const everyMs = Number(options.every);
  if (!(everyMs >= 20 && everyMs <= 60_000)) {
    return fail(
      'invalid-interval',
      `--every ${options.every} is not 20 to 60000 ms.`,
      'Leave it out: 1000 ms is right for most.',
    );
  }
  const pids: number[] = [];
  for (const text of options.pid) {
    const pid = Number(text);
    if (!Number.isInteger(pid) || pid < 1) {
      return fail('invalid-pid', `--pid ${text} is not the number of a process.`, 'List them with ps.');
    }
    pids.push(pid);
  }
  return succeed({ port, pids, everyMs });
}
