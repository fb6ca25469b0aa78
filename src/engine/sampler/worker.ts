import { setFlagsFromString } from 'node:v8';
import { MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { SessionMs } from '../../shared/units.ts';
import { createSessionClock } from '../clock.ts';
import { createSystemReader } from './default-reader.ts';
import { createSampler, createTicks, type SamplerOptions, type Ticks } from './index.ts';
import { loadCLibrary } from './linux/c-library.ts';
import { createMonotonicClock } from './linux/cpu-clock.ts';
import type { GlanceLibrary } from './linux/glance-library.ts';
import { loadNativeLibrary, type NativeLibrary } from './linux/native-library.ts';
import { runBlockingLoop, type TickSource } from './loop.ts';
import {
  buffersOf,
  createObedience,
  isSamplerCommand,
  type SamplerWorkerData,
  serveSampler,
} from './remote.ts';
import type { SystemReader } from './system-reader.ts';
import { warmUp } from './warm-up.ts';

/** Entry of the sampler's worker thread, in the command line and in the app; `createSamplerWorker` starts it. */

function isSamplerWorkerData(data: unknown): data is SamplerWorkerData {
  return (
    typeof data === 'object' &&
    data !== null &&
    'everyMs' in data &&
    typeof data.everyMs === 'number' &&
    'port' in data &&
    data.port instanceof MessagePort &&
    'bell' in data &&
    data.bell instanceof Int32Array &&
    'nativeLibrary' in data &&
    (data.nativeLibrary === null || typeof data.nativeLibrary === 'string') &&
    'clockOrigin' in data &&
    typeof data.clockOrigin === 'object' &&
    data.clockOrigin !== null &&
    'originNs' in data.clockOrigin &&
    typeof data.clockOrigin.originNs === 'bigint' &&
    'startedUnixMs' in data.clockOrigin &&
    typeof data.clockOrigin.startedUnixMs === 'number'
  );
}

/** Blocks this thread until `stop` comes. */
function sampleUntilStopped(ticks: Ticks, nowMs: () => SessionMs, { port, bell }: SamplerWorkerData): void {
  let isStopped = false;
  const obey = createObedience(
    ticks,
    // The one receiver there is: the frames are its own from now on.
    (message) => {
      port.postMessage(message, buffersOf(message));
    },
    () => {
      isStopped = true;
    },
  );
  runBlockingLoop(settleLater(ticks), nowMs, {
    bell,
    obeyAll() {
      for (;;) {
        const received: unknown = receiveMessageOnPort(port);
        if (typeof received !== 'object' || received === null || !('message' in received)) return !isStopped;
        if (isSamplerCommand(received.message)) obey(received.message);
      }
    },
  });
  ticks.close();
  compileAs('usual');
  port.postMessage({ type: 'stopped' });
}

/**
 * When V8 (Node 20) compiles a function of this process with its optimizing compiler, in bytes of its code run, and
 * how many calls it waits where the function met something new. Electron seals its flags: there they stay as they are.
 *
 * - First a quarter of the default and all but no waiting, so that what every tick runs is compiled in the dry run and
 *   the first ticks: compiled, a tick costs a fifth less and leaves half the garbage. Measured with 50 processes at
 *   10 Hz: the 50 to 100 ms that the compiler takes more are paid back within two minutes. At a tenth of this they are
 *   350 ms, for what runs too seldom to pay them back in ten.
 * - Then ten times the default, ten times as often: otherwise it goes on compiling for minutes what little is left,
 *   10 to 15 ms each, at no time that could be foretold: what made three seconds of sampling now and then twice as dear
 *   as others. A loop that computes reaches this within some tens of milliseconds.
 * - At the end the defaults, for what else this process does.
 * - Short functions are never compiled for being short: a tick's are parts of longer ones that are compiled with them.
 *   That alone was a tenth of what sampling cost in its first minutes.
 */
const compilation = {
  learning: [
    '--interrupt-budget=15000',
    '--minimum-invocations-after-ic-update=30',
    '--max-bytecode-size-for-early-opt=0',
  ],
  settled: [
    '--interrupt-budget=675840',
    '--minimum-invocations-after-ic-update=500',
    '--ticks-before-optimization=40',
  ],
  usual: [
    '--interrupt-budget=67584',
    '--minimum-invocations-after-ic-update=500',
    '--ticks-before-optimization=3',
    '--max-bytecode-size-for-early-opt=81',
  ],
} as const;

/** Real ticks before it is settled: what the dry run did not meet (other processes, hand-overs) is met in these. */
const learningTicks = 80;

function compileAs(stage: keyof typeof compilation): void {
  if (process.versions['electron'] !== undefined) return;
  for (const flag of compilation[stage]) setFlagsFromString(flag);
}

function settleLater(ticks: Pick<Ticks, 'take' | 'takeAhead' | 'everyMs'>): TickSource {
  let left = learningTicks;
  function pass(count: number): void {
    if (left <= 0) return;
    left -= count;
    if (left <= 0) compileAs('settled');
  }
  return {
    everyMs: () => ticks.everyMs(),
    take(deadline) {
      pass(1);
      return ticks.take(deadline);
    },
    takeAhead(first, heard) {
      const taken = ticks.takeAhead(first, heard);
      pass(taken.count);
      return taken;
    },
  };
}

/** Null where its work is done in JavaScript: `corescope doctor` says why. */
function loadNative(file: string | null): NativeLibrary | null {
  if (file === null) return null;
  const loaded = loadNativeLibrary(file);
  return loaded.ok ? loaded.value : null;
}

const data: unknown = workerData;
if (!isSamplerWorkerData(data)) {
  throw new Error('sampler/worker.ts is started by createSamplerWorker, not by hand');
}
const { port, everyMs } = data;
const { bell, clockOrigin } = data;
const library = loadCLibrary();
const native = loadNative(data.nativeLibrary);
const sessionClock = createSessionClock(clockOrigin);
const nowMs =
  library === null
    ? (): SessionMs => sessionClock.nowMs()
    : createMonotonicClock(library.getTime, clockOrigin.originNs);

/** All in one place, so that those of the dry run are made as the real one is, and V8's code for one is good for it. */
function prepare(
  now: () => SessionMs,
  glanceLibrary: GlanceLibrary | null,
): SamplerOptions & { reader: SystemReader } {
  const clock = { ...sessionClock, nowMs: now };
  const glancesAhead = { library: glanceLibrary, bell, originNs: clockOrigin.originNs };
  const readStat = native?.readStat ?? null;
  return { clock, everyMs, reader: createSystemReader({ nowMs: now, readStat, glancesAhead }) };
}

const options = prepare(nowMs, native?.glances ?? null);

if (options.reader.answersAtOnce === true) {
  compileAs('learning');
  warmUp((dryMs) => createTicks(prepare(dryMs, null)));
  // Commands that came meanwhile wait at the port.
  sampleUntilStopped(createTicks(options), nowMs, data);
} else {
  serveSampler(createSampler(options), {
    postMessage: (message) => {
      port.postMessage(message);
    },
    onMessage: (listener) => void port.on('message', listener),
  });
}
