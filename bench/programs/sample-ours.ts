import { createSessionClock } from '../../src/engine/clock.ts';
import { createSampler, type Sampler } from '../../src/engine/sampler/index.ts';
import { decodeFrame } from '../../src/shared/frame-codec.ts';
import { type SamplerMessage } from '../../src/shared/sample.ts';
import { parseSamplingTask, type Reading, type SamplingReport } from '../support/reading.ts';
import { untilTerminated } from '../support/sampling-loop.ts';

/** Our sampler with its default reader, alone in its process, on the tree under one pid. */

const warmUpEveryMs = 20;
const warmUpMs = 600;

const task = parseSamplingTask(process.argv.slice(2));
const clock = createSessionClock();
const originMs = Number(clock.originNs) / 1e6;

function start(everyMs: number, listener: (message: SamplerMessage) => void): Sampler {
  const sampler = createSampler({ clock, everyMs });
  sampler.watch({ pid: task.rootPid, owner: 'run' });
  sampler.subscribe(listener);
  return sampler;
}

const readings: Reading[] = [];
let samples = 0;
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
  samples += 1;
  if (task.core === null) return;
  const frame = decodeFrame(message.buffer);
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

const warmUp = start(warmUpEveryMs, () => undefined);
await new Promise((resolve) => setTimeout(resolve, warmUpMs));
await warmUp.stop();
const sampler = start(task.everyMs, keep);
console.log('ready');
await untilTerminated();
await sampler.stop();
console.log(JSON.stringify({ samples, readings } satisfies SamplingReport));
