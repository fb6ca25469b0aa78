import type { WorkerInfo } from '../../shared/experiment-event.ts';
import type { Problem } from '../../shared/result.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import { MessageGarbage } from '../drawing/garbage.ts';
import { slotOfWorker } from '../drawing/process-slots.ts';
import { connectSamples, type PageMessage, type WorkerMessage } from '../drawing/protocol.ts';

/**
 * Frames of so many bytes go back to the worker when nobody looks at them any more. Smaller: a message each for little.
 * Larger: more is left for the page to collect, at 7 ms of CPU a time, which with 5 000 rows was more than showing them.
 */
const sentBackBytes = 64e3;

export type EntitiesMessage = Extract<WorkerMessage, { type: 'entities' }>;
export type PlacedMessage = Extract<WorkerMessage, { type: 'placed' }>;

/** The worker that takes in every sample and paints the heatmap; the page gets the frames from it in batches. */
export interface DrawingWorker {
  /** For the timeline, which sends it the canvas and asks it what lies under the pointer. */
  readonly worker: Worker;
  attachSamples(port: MessagePort): void;
  /**
   * The workers of the run that is on, so that it can be drawn which of them was where; null while none is on: then
   * what is watched is told apart by its processes.
   */
  setWorkers(workers: readonly WorkerInfo[] | null): void;
  terminate(): void;
}

export function startDrawingWorker(listeners: {
  /** Returns those of all buffers so far that are not looked at any more. */
  readonly onFrames: (buffers: readonly ArrayBuffer[]) => readonly ArrayBuffer[];
  readonly onEntities: (message: EntitiesMessage) => void;
  readonly onTopology: (topology: CoreTopology) => void;
  readonly onPlaced?: (message: PlacedMessage) => void;
  readonly onProblem: (problem: Problem) => void;
}): DrawingWorker {
  const worker = new Worker(new URL('../drawing/worker.ts', import.meta.url), { type: 'module' });
  const discard = discarder(worker);
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
    if (data.type === 'frames') {
      discard(listeners.onFrames(data.buffers));
    } else if (data.type === 'entities') listeners.onEntities(data);
    else if (data.type === 'topology') listeners.onTopology(data.topology);
    else if (data.type === 'placed') listeners.onPlaced?.(data);
    else listeners.onProblem(data.problem);
  });
  return {
    worker,
    attachSamples: (port) => connectSamples(worker, port),
    setWorkers: (workers) => {
      const drawn =
        workers === null
          ? null
          : workers.map(({ index, pid, tid }) => ({ slot: slotOfWorker(index), pid, tid }));
      const message: PageMessage = { type: 'workers', workers: drawn };
      worker.postMessage(message);
    },
    terminate: () => worker.terminate(),
  };
}

/** What takes in buffers that nobody looks at any more. */
export function discarder(worker: Worker): (spent: readonly ArrayBuffer[]) => void {
  const garbage = new MessageGarbage();
  return (spent) => {
    const isLarge = ({ byteLength }: ArrayBuffer): boolean => byteLength >= sentBackBytes;
    const small = spent.filter((buffer) => !isLarge(buffer));
    if (small.length > 0) garbage.received(small.reduce((sum, { byteLength }) => sum + byteLength, 0));
    const buffers = spent.filter(isLarge);
    if (buffers.length === 0) return;
    const message: PageMessage = { type: 'spent', buffers };
    worker.postMessage(message, buffers);
  };
}
