import type { MessagePortMain } from 'electron';
import { encodeFrame } from '../../src/shared/frame-codec.ts';
import type { SampleFrame } from '../../src/shared/sample.ts';
import { drawnFrame } from '../../tests/support/drawn-frame.ts';
import { crowdFrame, crowdOf } from './crowd.ts';
import type { FeederOrder } from './plan.ts';

/** Makes the samples in a process of its own, as the app's sampler does: none of it counts as drawing. */

/** Frames on their way to the page at once while the past is made up; a live sampler has one or two. */
const mostOnTheWay = 8;
/** Columns are tenths of a second in every case: at 60 Hz six samples share one. */
const columnMs = 100;

function busyAt(tick: number, cores: number): Float64Array {
  return Float64Array.from({ length: cores }, (_, core) => {
    const wave = Math.sin(core * 1.7 + tick / 40) * Math.sin(tick / 13 + core);
    return Math.min(1, Math.max(0, 0.5 + 0.6 * wave));
  });
}

type LiveOrder = Exclude<FeederOrder, { kind: 'replay' }>;
type ReplayOrder = Extract<FeederOrder, { kind: 'replay' }>;

function feed({ kind, cores, columns, hz }: LiveOrder, port: MessagePortMain): void {
  const everyMs = 1000 / hz;
  let atMs = 0;
  let sequence = 0;
  let isLive = false;
  const send = (stepMs: number): void => {
    sequence += 1;
    atMs += stepMs;
    const coreBusy = busyAt(atMs / columnMs, cores);
    if (kind === 'shares') {
      port.postMessage(coreBusy);
      return;
    }
    const frame = drawnFrame({ sequence, atMs, requestedEveryMs: stepMs, everyMs: stepMs, coreBusy });
    port.postMessage({ type: 'frame', buffer: encodeFrame(frame) });
  };
  const goLive = (): void => {
    if (isLive) return;
    isLive = true;
    process.parentPort.postMessage('live');
    const startedMs = performance.now();
    let ticks = 0;
    setInterval(() => {
      // Timers of whole milliseconds would drift away from 60 Hz.
      while ((ticks + 1) * everyMs <= performance.now() - startedMs) {
        ticks += 1;
        send(everyMs);
      }
    }, 1);
  };
  const fill = (): void => {
    if (sequence < columns) send(columnMs);
    else goLive();
  };
  port.start();
  if (kind === 'shares') while (sequence < columns) fill();
  // A frame that has been acknowledged makes room for the next.
  else port.on('message', fill);
  for (let onTheWay = 0; onTheWay < mostOnTheWay; onTheWay += 1) fill();
}

/** Processes that end each minute, and as many that begin: whatever is kept for each must go with it. */
const turnover = 10;

/**
 * A day in minutes: every frame as in life, as fast as they are taken. The frames of a minute are alike but for their
 * times and the rows that have come and gone, so that making them does not take longer than showing them.
 */
function replay({ cores, processes, hours, hz }: ReplayOrder, port: MessagePortMain): void {
  const everyMs = 1000 / hz;
  const framesPerMinute = 60 * hz;
  const frames = hours * 60 * framesPerMinute;
  const crowd = crowdOf(processes);
  const keys = Float64Array.from(crowd, ({ key }) => key);
  let nextKey = processes + 1;
  let sequence = 0;
  let isResting = false;
  let patterns: SampleFrame[] = [];
  port.postMessage({ type: 'entities', appeared: crowd, goneKeys: [] });

  /** From the second row on: the root stays. */
  const replaceSome = (): void => {
    const at = 1 + ((nextKey - processes - 1) % (processes - turnover - 1));
    const goneKeys = Array.from(keys.subarray(at, at + turnover));
    const appeared = crowdOf(turnover + 1, nextKey - 1)
      .slice(1)
      .map((entity) => ({ ...entity, parentKey: 1 }));
    appeared.forEach(({ key }, index) => (keys[at + index] = key));
    nextKey += turnover;
    port.postMessage({ type: 'entities', appeared, goneKeys });
  };
  const makePatterns = (): void => {
    const from = sequence;
    patterns = Array.from({ length: hz }, (_, index) =>
      crowdFrame(Float64Array.from(keys), from + index, everyMs, busyAt(from + index, cores)),
    );
  };
  const send = (): void => {
    if (sequence >= frames || isResting) return;
    if (sequence % framesPerMinute === 0) {
      if (sequence > 0) replaceSome();
      makePatterns();
    }
    sequence += 1;
    const pattern = patterns[sequence % patterns.length];
    if (pattern === undefined) throw new Error('a minute without frames');
    port.postMessage({
      type: 'frame',
      buffer: encodeFrame({ ...pattern, sequence, atMs: sequence * everyMs }),
    });
    if (sequence % (60 * framesPerMinute) === 0) {
      isResting = true;
      process.parentPort.postMessage(sequence / (60 * framesPerMinute));
    }
  };
  const goOn = (): void => {
    isResting = false;
    for (let onTheWay = 0; onTheWay < 4 * mostOnTheWay; onTheWay += 1) send();
  };
  // Frames that were on their way when the rest began are acknowledged within it, and none is sent for them.
  port.on('message', send);
  port.start();
  process.parentPort.on('message', goOn);
  goOn();
}

process.parentPort.once('message', ({ data, ports }: { data: FeederOrder; ports: MessagePortMain[] }) => {
  const [port] = ports;
  if (port === undefined) return;
  if (data.kind === 'replay') replay(data, port);
  else feed(data, port);
});
