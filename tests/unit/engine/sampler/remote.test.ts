import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSessionClock } from '../../../../src/engine/clock.ts';
import { createBell } from '../../../../src/engine/sampler/bell.ts';
import type { Sampler } from '../../../../src/engine/sampler/index.ts';
import {
  createSamplerClient,
  createSamplerWorker,
  isSamplerCommand,
  isSamplerReply,
  serveSampler,
  type CommandPort,
  type SamplerWorkerData,
} from '../../../../src/engine/sampler/remote.ts';
import { decodeFrame } from '../../../../src/shared/frame-codec.ts';
import type { Problem } from '../../../../src/shared/result.ts';
import type { EntityInfo, SampleFrame } from '../../../../src/shared/sample.ts';
import {
  createHubSampler,
  drawMessage,
  makeEntities,
  makeFrame,
  type HubSampler,
} from './support/hub-sampler.ts';
import { buildNativeLibrary, canBuildNativeLibrary } from './support/native-build.ts';

function toCommandPort(port: MessagePort): CommandPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
  };
}

describe('a sampler behind a port', () => {
  let channel: MessageChannel;
  let served: HubSampler;
  let client: Sampler;

  beforeEach(() => {
    channel = new MessageChannel();
    served = createHubSampler();
    serveSampler(served, toCommandPort(channel.port1));
    client = createSamplerClient(toCommandPort(channel.port2));
  });
  afterEach(() => {
    channel.port1.close();
  });

  /** Messages to `client` as they come, until `count` have. */
  function listen(count: number): Promise<string[]> {
    const heard: string[] = [];
    return new Promise((resolve) => {
      client.subscribe((message) => {
        heard.push(drawMessage(message));
        if (heard.length === count) resolve([...heard]);
      });
    });
  }

  it('does what the client asks, in order, and says when it has stopped', async () => {
    client.watch({ pid: 10, owner: 'run' });
    client.nameThread(10, 11, 'worker 1');
    client.unwatch(10);
    await Promise.all([client.stop(), client.stop()]);
    expect(served.asked).toEqual(['watch 10 run', 'name 10/11 worker 1', 'unwatch 10', 'stop']);
  });

  it('sends all messages in order, from the first subscriber on', async () => {
    served.publish(makeEntities([1]));
    const heard = listen(4);
    await untilAsked('subscribe');
    served.publish(makeFrame(1));
    served.publish(makeEntities([2], [1]));
    served.publish(makeFrame(2));
    expect(await heard).toEqual(['+1', 'f1', '+2-1', 'f2']);
  });

  it('tells a second subscriber what is alive, without asking again', async () => {
    const first = listen(2);
    await untilAsked('subscribe');
    served.publish(makeEntities([1, 2]));
    served.publish(makeEntities([3], [1]));
    await first;
    expect(await listen(1)).toEqual(['+2+3']);
    await client.stop();
    expect(served.asked).toEqual(['subscribe', 'stop']);
  });

  it('holds messages back for as long as it may, and sends them together in their order', async () => {
    client = createSamplerClient(toCommandPort(channel.port2), { holdMs: 300 });
    const crossings: string[] = [];
    channel.port2.on('message', (message: unknown) => {
      if (isSamplerReply(message) && message.type === 'batch')
        crossings.push(message.messages.map(drawMessage).join(' '));
    });
    const heard = listen(7);
    await untilAsked('subscribe');
    served.publish(makeEntities([1]));
    served.publish(makeFrame(1));
    served.publish(makeEntities([2], [1]));
    served.publish(makeFrame(2));
    served.publish(makeFrame(3));
    served.publish(makeFrame(4));
    served.publish(makeFrame(5));
    // What is held would wait for the next ticks; a command brings it at once.
    client.unwatch(1);
    await untilAsked('unwatch 1');
    await client.stop();
    expect(await heard).toEqual(['+1', 'f1', '+2-1', 'f2', 'f3', 'f4', 'f5']);
    expect(crossings).toEqual(['+1 f1 +2-1 f2 f3 f4', 'f5']);
  });

  it('ignores messages that are not its own', async () => {
    for (const message of [
      null,
      7,
      'stop',
      {},
      { type: 'watch' },
      { type: 'watch', root: { pid: 1.5, owner: 'run' } },
    ]) {
      channel.port2.postMessage(message);
    }
    for (const message of [null, { type: 'acknowledge', sequence: 1 }, { type: 'frame', buffer: 'no' }]) {
      channel.port1.postMessage(message);
    }
    await client.stop();
    expect(served.asked).toEqual(['stop']);
  });

  async function untilAsked(request: string): Promise<void> {
    while (!served.asked.includes(request)) await new Promise((resolve) => setImmediate(resolve));
  }
});

describe('the shape of messages', () => {
  it('is known for every command and reply', () => {
    const commands = [
      { type: 'watch', root: { pid: 1, owner: 'corescope' } },
      { type: 'unwatch', pid: 1 },
      { type: 'name-thread', pid: 1, tid: 2, name: 'x' },
      { type: 'subscribe' },
      { type: 'subscribe', holdMs: 300 },
      { type: 'stop' },
    ];
    const replies = [makeFrame(1), makeEntities([1]), { type: 'batch', messages: [] }, { type: 'stopped' }];
    expect(commands.map(isSamplerCommand)).toEqual(commands.map(() => true));
    expect(replies.map(isSamplerReply)).toEqual(replies.map(() => true));
    expect([...commands.map(isSamplerReply), ...replies.map(isSamplerCommand)]).not.toContain(true);
  });
});

describe('a sampler in a worker thread', () => {
  let folder: string;
  let workerFile: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corescope-worker-'));
    await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: true,
        target: 'node20.18',
        outDir: folder,
        emptyOutDir: false,
        rolldownOptions: {
          input: 'src/engine/sampler/worker.ts',
          output: { format: 'es', entryFileNames: 'worker.mjs' },
        },
      },
    });
    workerFile = join(folder, 'worker.mjs');
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true }));

  it('sees the real machine on the session’s own clock, and ends when stopped', async () => {
    const clock = createSessionClock();
    const sampler = createSamplerWorker({ workerFile, clockOrigin: clock, everyMs: 50 });
    sampler.watch({ pid: process.pid, owner: 'corescope' });
    const entities: EntityInfo[] = [];
    const frames = await new Promise<SampleFrame[]>((resolve) => {
      const seen: SampleFrame[] = [];
      sampler.subscribe((message) => {
        if (message.type === 'entities') entities.push(...message.appeared);
        else if (message.type === 'frame' && seen.push(decodeFrame(message.buffer)) === 8) resolve(seen);
      });
    });
    await sampler.stop();
    const nowMs = clock.nowMs();
    expect(entities[0]).toMatchObject({ pid: process.pid, owner: 'corescope', parentKey: null });
    const times = frames.map((frame) => frame.atMs);
    expect([0, ...times, nowMs]).toEqual([0, ...times, nowMs].sort((left, right) => left - right));
    const last = frames.at(-1);
    expect(last?.requestedEveryMs).toBe(50);
    expect(last?.keys.length).toBeGreaterThan(0);
    expect(last?.ownRssBytes).toBeGreaterThan(1e6);
    expect([...(last?.coreBusy ?? [])].every((busy) => busy >= 0 && busy <= 1)).toBe(true);
  });

  it('hears commands while it sleeps until its next tick, an hour away', async () => {
    const sampler = createSamplerWorker({
      workerFile,
      clockOrigin: createSessionClock(),
      everyMs: 3_600_000,
    });
    await new Promise<void>((resolve) => {
      sampler.subscribe((message) => {
        if (message.type === 'frame') resolve();
      });
    });
    await sampler.stop();
  });

  it.skipIf(!canBuildNativeLibrary)(
    'sleeps in the library while a tree is quiet, loses no tick to it, and still hears commands',
    async () => {
      const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
      const bell = createBell();
      const { port1, port2 } = new MessageChannel();
      const { originNs, startedUnixMs } = createSessionClock();
      const workerData: SamplerWorkerData = {
        clockOrigin: { originNs, startedUnixMs },
        everyMs: 20,
        port: port2,
        bell: bell.numbers,
        nativeLibrary: buildNativeLibrary(folder),
      };
      const worker = new Worker(workerFile, { workerData, transferList: [port2] });
      const client = createSamplerClient(
        {
          postMessage(message) {
            port1.postMessage(message);
            bell.ring();
          },
          onMessage: (listener) => void port1.on('message', listener),
        },
        { holdMs: 3_600_000 },
      );
      const frames: SampleFrame[] = [];
      client.watch({ pid: sleeper.pid ?? 0, owner: 'run' });
      client.subscribe((message) => {
        if (message.type === 'frame') frames.push(decodeFrame(message.buffer));
      });
      await vi.waitFor(() => expect(bell.numbers[1]).toBeGreaterThan(0), 5000);
      expect(frames).toEqual([]);
      // A command brings what was held.
      client.unwatch(1);
      await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0), 5000);
      await client.stop();
      await worker.terminate();
      port1.close();
      bell.close();
      sleeper.kill();
      expect(frames.map(({ sequence }) => sequence)).toEqual(frames.map((_, index) => index + 1));
      const times = frames.map(({ atMs }) => atMs);
      expect(times).toEqual(times.toSorted((left, right) => left - right));
      expect(bell.numbers[1]).toBe(0);
    },
  );

  it('reports a worker that breaks down as a problem, and can still be stopped', async () => {
    let sampler: Sampler | undefined;
    const problem = await new Promise<Problem>((resolve) => {
      sampler = createSamplerWorker({
        workerFile: join(folder, 'not-there.mjs'),
        clockOrigin: createSessionClock(),
        everyMs: 50,
        onFailure: resolve,
      });
    });
    expect(problem.kind).toBe('sampler-failed');
    expect(problem.message).toContain('not-there.mjs');
    await sampler?.stop();
  });
});
