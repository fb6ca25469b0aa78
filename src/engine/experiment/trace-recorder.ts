import { decodeFrame } from '../../shared/frame-codec.ts';
import type { PlannedRun } from '../../shared/experiment-event.ts';
import type { EntityInfo, SampleFrame, SamplerMessage } from '../../shared/sample.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import type { SessionMs } from '../../shared/units.ts';
import type { RunTrace } from '../analysis/trace.ts';
import type { Sampler } from '../sampler/index.ts';

/** What the sampler did while an experiment ran; goes into the document so that a reader can judge the figures. */
export interface SamplingSummary {
  readonly achievedEveryMs: number | null;
  readonly missedTicks: number;
  readonly ownCpuShare: number | null;
  readonly ownRssBytes: number | null;
}

/** A run that is being recorded. */
export interface OpenTrace {
  workStarted(atMs: SessionMs): void;
  workEnded(atMs: SessionMs): void;
  close(endMs: SessionMs): RunTrace;
}

/**
 * Listens to the sampler for the length of an experiment and keeps, per run, what analysis and reports need:
 * every core's load and the memory of the run's own tree.
 */
export class TraceRecorder {
  readonly #entities = new Map<number, EntityInfo>();
  readonly #unsubscribe: () => void;
  #open: { readonly hostPid: number; readonly samples: RunSamples } | null = null;
  #frameListeners: ((atMs: SessionMs) => void)[] = [];
  #firstFrame: SampleFrame | null = null;
  #lastFrame: SampleFrame | null = null;
  #ownCpuMs = 0;
  #ownRssBytes = Number.NaN;
  #topology: CoreTopology | null = null;

  constructor(sampler: Pick<Sampler, 'subscribe'>) {
    this.#unsubscribe = sampler.subscribe((message) => this.#receive(message));
  }

  /** Begins to record the tree under `hostPid`; one run at a time. */
  open(run: PlannedRun, hostPid: number, hostStartMs: SessionMs): OpenTrace {
    const samples: RunSamples = { sampleMs: [], coreBusy: [], rssBytes: [], pssBytes: [], cpuShare: [] };
    let workStartMs: SessionMs | null = null;
    let workEndMs: SessionMs | null = null;
    this.#open = { hostPid, samples };
    return {
      workStarted: (atMs) => {
        workStartMs = atMs;
      },
      workEnded: (atMs) => {
        workEndMs = atMs;
      },
      close: (endMs) => {
        this.#open = null;
        return {
          order: run.order,
          block: run.block,
          warmUp: run.warmUp,
          strategy: run.strategy,
          workers: run.workers,
          hostStartMs,
          workStartMs,
          workEndMs,
          endMs,
          coreCount: samples.coreBusy[0]?.length ?? 0,
          ...samples,
        };
      },
    };
  }

  /**
   * Resolves when a frame taken at or after `atMs` has arrived, so that nothing that was still under way from the
   * sampler is lost; gives up after `timeoutMs`, for a sampler that stalls must not stall the experiment.
   */
  async frameAfter(atMs: SessionMs, timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, timeoutMs);
      const listener = (frameMs: SessionMs): void => {
        if (frameMs >= atMs) done();
      };
      this.#frameListeners.push(listener);
      const remove = (): void => {
        this.#frameListeners = this.#frameListeners.filter((other) => other !== listener);
      };
      function done(): void {
        clearTimeout(timer);
        remove();
        resolve();
      }
    });
  }

  /** As the sampler told it last; null before it did. */
  get topology(): CoreTopology | null {
    return this.#topology;
  }

  summary(): SamplingSummary {
    const first = this.#firstFrame;
    const last = this.#lastFrame;
    if (first === null || last === null || last.sequence === first.sequence) {
      return { achievedEveryMs: null, missedTicks: 0, ownCpuShare: null, ownRssBytes: null };
    }
    const spanMs = last.atMs - first.atMs;
    return {
      achievedEveryMs: spanMs / (last.sequence - first.sequence),
      missedTicks: last.missedTicks - first.missedTicks,
      ownCpuShare: this.#ownCpuMs / spanMs,
      ownRssBytes: Number.isNaN(this.#ownRssBytes) ? null : this.#ownRssBytes,
    };
  }

  close(): void {
    this.#unsubscribe();
  }

  #receive(message: SamplerMessage): void {
    if (message.type === 'entities') {
      for (const entity of message.appeared) this.#entities.set(entity.key, entity);
      for (const key of message.goneKeys) this.#entities.delete(key);
      return;
    }
    if (message.type === 'topology') {
      this.#topology = message.topology;
      return;
    }
    const frame = decodeFrame(message.buffer);
    this.#accountForSampler(frame);
    if (this.#open !== null) this.#addSample(this.#open.hostPid, this.#open.samples, frame);
    for (const listener of this.#frameListeners) listener(frame.atMs);
  }

  #accountForSampler(frame: SampleFrame): void {
    if (this.#lastFrame !== null && !Number.isNaN(frame.ownCpuShare)) {
      this.#ownCpuMs += frame.ownCpuShare * (frame.atMs - this.#lastFrame.atMs);
    }
    if (!(frame.ownRssBytes <= this.#ownRssBytes)) this.#ownRssBytes = frame.ownRssBytes;
    this.#firstFrame ??= frame;
    this.#lastFrame = frame;
  }

  /** One sample of the run: every core, and the sums over the run's processes (threads share their memory). */
  #addSample(hostPid: number, samples: RunSamples, frame: SampleFrame): void {
    let rows = 0;
    let rssBytes = 0;
    let pssBytes = 0;
    let cpuShare = 0;
    frame.keys.forEach((key, row) => {
      const entity = this.#entities.get(key);
      if (entity?.kind !== 'process' || entity.rootPid !== hostPid) return;
      rows += 1;
      rssBytes += frame.rssBytes[row] ?? Number.NaN;
      pssBytes += frame.pssBytes[row] ?? Number.NaN;
      cpuShare += frame.cpuShare[row] ?? Number.NaN;
    });
    // The cores count even where the tree has just ended: this sample covers the last moments of the run.
    samples.sampleMs.push(frame.atMs);
    samples.coreBusy.push(frame.coreBusy.slice());
    // One unknown part makes the sum unknown, for a sum over the rest would be too low; so does a tree that is gone.
    const isThere = rows > 0;
    samples.rssBytes.push(isThere ? rssBytes : Number.NaN);
    samples.pssBytes.push(isThere ? pssBytes : Number.NaN);
    samples.cpuShare.push(isThere ? cpuShare : Number.NaN);
  }
}

interface RunSamples {
  readonly sampleMs: number[];
  readonly coreBusy: Float64Array[];
  readonly rssBytes: number[];
  readonly pssBytes: number[];
  readonly cpuShare: number[];
}

/** The largest known value, or null where none is known. */
export function peakOf(values: readonly number[]): number | null {
  let peak: number | null = null;
  for (const value of values) {
    if (!Number.isNaN(value) && (peak === null || value > peak)) peak = value;
  }
  return peak;
}
