import type { MessagePortMain } from 'electron';
import { encodeFrame } from '../../src/shared/frame-codec.ts';
import { drawnFrame } from '../../tests/support/drawn-frame.ts';
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

process.parentPort.once('message', ({ data, ports }: { data: FeederOrder; ports: MessagePortMain[] }) => {
  const [port] = ports;
  if (port !== undefined && data.kind !== 'replay') feed(data, port);
});
