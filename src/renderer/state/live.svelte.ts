import { decodeFrame } from '../../shared/frame-codec.ts';
import type { WorkerInfo } from '../../shared/experiment-event.ts';
import type { Problem } from '../../shared/result.ts';
import type { EntityInfo, SampleFrame, SamplerMessage } from '../../shared/sample.ts';
import type { MemoryPoint } from '../charts/memory-series.ts';
import { buildProcessTree, type ProcessTree } from './process-tree.ts';

const noTree: ProcessTree = {
  rows: [],
  totals: {
    processes: 0,
    threads: 0,
    cpuShare: Number.NaN,
    rssBytes: Number.NaN,
    pssBytes: Number.NaN,
  },
};

/** One hour at four points a second: what the timeline can show. */
const mostMemoryPoints = 14_400;

/** What the sampler sees now, at the pace of the screen: the drawing worker passes on at most four frames a second. */
export class LiveState {
  frame: SampleFrame | null = $state.raw(null);
  /** The run's tree; while no run is on, the last one that was, so that the table does not flicker between runs. */
  runTree: ProcessTree = $state.raw(noTree);
  runTreeIsCurrent = $state(false);
  ownTree: ProcessTree = $state.raw(noTree);
  memory: readonly MemoryPoint[] = $state.raw([]);
  /** Ticks per second that the sampler really made, over the last few seconds; null before that is known. */
  achievedHz: number | null = $state(null);
  droppedFrames = $state(0);
  /** Why nothing can be drawn; null while all is well. */
  problem: Problem | null = $state.raw(null);

  // Not reactive on purpose: the trees are rebuilt once per frame, not once per entity.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #entities = new Map<number, EntityInfo>();
  #rateFrom: SampleFrame | null = null;

  receive(message: SamplerMessage, workers: readonly WorkerInfo[]): void {
    if (message.type === 'entities') {
      for (const entity of message.appeared) this.#entities.set(entity.key, entity);
      for (const key of message.goneKeys) this.#entities.delete(key);
      return;
    }
    const frame = decodeFrame(message.buffer);
    this.frame = frame;
    this.droppedFrames += frame.droppedFrames;
    this.#measureRate(frame);

    this.ownTree = buildProcessTree(this.#entities, frame, 'corescope', []);
    const runTree = buildProcessTree(this.#entities, frame, 'run', workers);
    this.runTreeIsCurrent = runTree.rows.length > 0;
    if (this.runTreeIsCurrent) this.runTree = runTree;
    const { pssBytes, rssBytes } = runTree.totals;
    const point = { atMs: frame.atMs, pssBytes, rssBytes };
    this.memory = [...this.memory.slice(1 - mostMemoryPoints), point];
  }

  /** The screen gets a selection of the frames, but their sequence numbers count every tick. */
  #measureRate(frame: SampleFrame): void {
    const from = this.#rateFrom;
    if (from === null) {
      this.#rateFrom = frame;
      return;
    }
    const spanMs = frame.atMs - from.atMs;
    if (spanMs < 2000) return;
    this.achievedHz = ((frame.sequence - from.sequence) * 1000) / spanMs;
    this.#rateFrom = frame;
  }
}
