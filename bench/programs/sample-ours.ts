import { join } from 'node:path';
import { createSessionClock } from '../../src/engine/clock.ts';
import { createSamplerWorker } from '../../src/engine/sampler/remote.ts';
import { decodeFrame, readFrameTime } from '../../src/shared/frame-codec.ts';
import type { SamplerMessage } from '../../src/shared/sample.ts';
import { parseSamplingTask, type Reading, type SamplingReport } from '../support/reading.ts';
import { untilTerminated } from '../support/sampling-loop.ts';

/**
 * Our sampler as `corescope serve` runs it: in a worker thread, on the tree under one pid, with a receiver in the main
 * thread that gets every frame, up to a second later, keeps the newest, and decodes it once a second, as if somebody
 * asked so often. `--without-native`, behind the other parameters: without `native/`.
 */
const holdMs = 1000;
const askedEveryMs = 1000;

/**
 * Finding the tree, its first PSS readings, the compiler, and the collection of what the start left behind, which V8
 * begins when the main thread has made its first MB of garbage (after 40 s) and ends 9 s later, for as long as the
 * process lives: 20 ms. A price of starting, which is not counted for anyone.
 */
const warmUpMs = 60_000;
/** Where readings are held against the truth: what matters is that the tree is known. */
const shortWarmUpMs = 12_000;

const task = parseSamplingTask(process.argv.slice(2));
const clock = createSessionClock();
const originMs = Number(clock.originNs) / 1e6;

const readings: Reading[] = [];
let samples = 0;
let readyAtMs = Number.POSITIVE_INFINITY;
/** What was taken before may still be held back. */
let isReady = false;
const framesPerAsking = Math.max(1, Math.round(askedEveryMs / task.everyMs));
let rootKey = Number.NaN;
let lastAtMs = Number.NaN;

function keep(message: SamplerMessage): void {
  if (message.type === 'entities') {
    for (const info of message.appeared) {
      if (info.pid === task.rootPid && info.kind === 'process') rootKey = info.key;
    }
    return;
  }
  if (message.type === 'topology') return;
  isReady ||= readFrameTime(message.buffer).atMs >= readyAtMs;
  if (!isReady) return;
  samples += 1;
  if (task.core === null && samples % framesPerAsking !== 0) return;
  const frame = decodeFrame(message.buffer);
  if (task.core === null) return;
  const toMs = originMs + frame.atMs;
  const share = frame.cpuShare[frame.keys.indexOf(rootKey)] ?? Number.NaN;
  readings.push({ what: 'process', fromMs: originMs + lastAtMs, toMs, share });
  readings.push({
    what: 'core',
    fromMs: toMs - frame.coreWindowMs,
    toMs,
    share: frame.coreBusy[task.core] ?? Number.NaN,
  });
  lastAtMs = frame.atMs;
}

const sampler = createSamplerWorker({
  workerFile: join(import.meta.dirname, 'sampler-worker.js'),
  clockOrigin: clock,
  everyMs: task.everyMs,
  holdMs,
  ...(process.argv.includes('--without-native') ? { nativeLibrary: null } : {}),
  onFailure: (problem) => {
    throw new Error(problem.message);
  },
});
sampler.watch({ pid: task.rootPid, owner: 'run' });
sampler.subscribe(keep);
await new Promise((resolve) => setTimeout(resolve, task.core === null ? warmUpMs : shortWarmUpMs));
readyAtMs = clock.nowMs();
console.log('ready');
await untilTerminated();
await sampler.stop();
console.log(JSON.stringify({ samples, readings } satisfies SamplingReport));
