import type { SamplerMessage } from '../../shared/sample.ts';
import { Drawing } from './drawing.ts';
import type { PageMessage } from './protocol.ts';
import { createCanvasSurface } from './surface.ts';

// The drawing worker's entry: nothing but the globals that `Drawing` is kept free of.

let samplesPort: MessagePort | null = null;

const drawing = new Drawing({
  post: (message, transfer = []) => self.postMessage(message, [...transfer]),
  requestFrame: (draw) => {
    self.requestAnimationFrame(draw);
  },
  nowMs: () => performance.now(),
  after: (delayMs, callback) => {
    setTimeout(callback, delayMs);
  },
});

function connect(port: MessagePort): void {
  samplesPort?.close();
  samplesPort = port;
  port.onmessage = (event: MessageEvent<SamplerMessage>) => {
    drawing.receive(event.data, (acknowledgement) => port.postMessage(acknowledgement));
  };
}

self.onmessage = ({ data }: MessageEvent<PageMessage>) => {
  if (data.type === 'samples-port') connect(data.port);
  else if (data.type === 'canvas') drawing.drawOn(data.canvas && createCanvasSurface(data.canvas));
  else drawing.handle(data);
};
