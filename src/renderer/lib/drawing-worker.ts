import type { Problem } from '../../shared/result.ts';
import type { SamplerMessage } from '../../shared/sample.ts';
import { connectSamples, type WorkerMessage } from '../drawing/protocol.ts';

/** The worker that takes in every sample and paints the heatmap; the page gets a selection of the frames from it. */
export interface DrawingWorker {
  /** For the timeline, which sends it the canvas and asks it what lies under the pointer. */
  readonly worker: Worker;
  attachSamples(port: MessagePort): void;
  terminate(): void;
}

export function startDrawingWorker(listeners: {
  readonly onSamples: (message: SamplerMessage) => void;
  readonly onProblem: (problem: Problem) => void;
}): DrawingWorker {
  const worker = new Worker(new URL('../drawing/worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
    if (data.type === 'frame' || data.type === 'entities') listeners.onSamples(data);
    else if (data.type === 'problem') listeners.onProblem(data.problem);
  });
  return {
    worker,
    attachSamples: (port) => connectSamples(worker, port),
    terminate: () => worker.terminate(),
  };
}
