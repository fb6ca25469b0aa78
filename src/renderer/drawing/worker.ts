import type { SamplerMessage } from '../../shared/sample.ts';
import { Drawing } from './drawing.ts';
import { MessageGarbage } from './garbage.ts';
import type { PageMessage, ViewRequest } from './protocol.ts';
import { createCanvasSurface } from './surface.ts';

// The drawing worker's entry: nothing but the globals that `Drawing` is kept free of.

const garbage = new MessageGarbage();
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
    if (event.data.type === 'frame') garbage.received(event.data.buffer.byteLength);
    drawing.receive(event.data, (acknowledgement) => port.postMessage(acknowledgement));
  };
}

function openView(port: MessagePort): void {
  const view = drawing.openView((answer) => port.postMessage(answer));
  port.onmessage = ({ data }: MessageEvent<ViewRequest>) => {
    if (data.type === 'canvas') view.drawOn(createCanvasSurface(data.canvas));
    else if (data.type === 'close') {
      drawing.closeView(view);
      port.close();
    } else view.handle(data);
  };
}

self.onmessage = ({ data }: MessageEvent<PageMessage>) => {
  if (data.type === 'samples-port') connect(data.port);
  else if (data.type === 'open-view') openView(data.port);
  else if (data.type === 'spent') return;
  else drawing.handle(data);
};
