import { encodeFrame } from '../../../src/shared/frame-codec.ts';
import { drawnFrame } from '../../../tests/support/drawn-frame.ts';

/** Makes the samples, away from the threads that are measured: as the sampler's process does in the app. */
interface Order {
  readonly cores: number;
  readonly columns: number;
  readonly hz: number;
  /** Our drawing worker's port. Without it, the shares go to the page. */
  readonly port: MessagePort | null;
}

function busyAt(tick: number, cores: number): Float64Array {
  return Float64Array.from({ length: cores }, (_, core) => {
    const wave = Math.sin(core * 1.7 + tick / 40) * Math.sin(tick / 13 + core);
    return Math.min(1, Math.max(0, 0.5 + 0.6 * wave));
  });
}

self.onmessage = ({ data }: MessageEvent<Order>) => {
  const { cores, columns, hz, port } = data;
  // Columns are tenths of a second in every case: at 60 Hz six samples share one.
  const columnMs = 100;
  const everyMs = 1000 / hz;
  let atMs = 0;
  let sequence = 0;
  const send = (stepMs: number): void => {
    sequence += 1;
    atMs += stepMs;
    const coreBusy = busyAt(atMs / columnMs, cores);
    if (port === null) {
      self.postMessage(coreBusy);
      return;
    }
    const buffer = encodeFrame(
      drawnFrame({ sequence, atMs, requestedEveryMs: stepMs, everyMs: stepMs, coreBusy }),
    );
    port.postMessage({ type: 'frame', buffer }, [buffer]);
  };
  for (let column = 0; column < columns; column += 1) send(columnMs);
  setInterval(() => send(everyMs), everyMs);
};
