import type { WorkerInfo } from '../../shared/experiment-event.ts';
import type { Problem } from '../../shared/result.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import { MessageGarbage } from '../drawing/garbage.ts';
import { connectSamples, type PageMessage, type WorkerMessage } from '../drawing/protocol.ts';

export type EntitiesMessage = Extract<WorkerMessage, { type: 'entities' }>;

/** The worker that takes in every sample and paints the heatmap; the page gets the frames from it in batches. */
export interface DrawingWorker {
  /** For the timeline, which sends it the canvas and asks it what lies under the pointer. */
  readonly worker: Worker;
  attachSamples(port: MessagePort): void;
  /** The workers of the run that is on, so that it can be drawn which of them was where. */
  setWorkers(workers: readonly WorkerInfo[]): void;
  terminate(): void;
}

export function startDrawingWorker(listeners: {
  readonly onFrames: (buffers: readonly ArrayBuffer[]) => void;
  readonly onEntities: (message: EntitiesMessage) => void;
  readonly onTopology: (topology: CoreTopology) => void;
  readonly onProblem: (problem: Problem) => void;
}): DrawingWorker {
  const worker = new Worker(new URL('../drawing/worker.ts', import.meta.url), { type: 'module' });
  const garbage = new MessageGarbage();
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
    if (data.type === 'frames') {
      garbage.received(data.buffers.reduce((sum, { byteLength }) => sum + byteLength, 0));
      listeners.onFrames(data.buffers);
    } else if (data.type === 'entities') listeners.onEntities(data);
    else if (data.type === 'topology') listeners.onTopology(data.topology);
    else listeners.onProblem(data.problem);
  });
  return {
    worker,
    attachSamples: (port) => connectSamples(worker, port),
    setWorkers: (workers) => {
      const drawn = workers.map(({ index, pid, tid }) => ({ slot: Math.min(255, index + 1), pid, tid }));
      const message: PageMessage = { type: 'workers', workers: drawn };
      worker.postMessage(message);
    },
    terminate: () => worker.terminate(),
  };
}
