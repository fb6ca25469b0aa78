import { decodeFrame } from '../../shared/frame-codec.ts';
import type { PlannedRun } from '../../shared/experiment-event.ts';
import type { EntityInfo, SampleFrame, SamplerMessage } from '../../shared/sample.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import type { SessionMs } from '../../shared/units.ts';
import type { RunTrace } from '../analysis/trace.ts';
import type { Sampler } from '../sampler/index.ts';
import { createPeakMemory, type PeakMemory, type ProcessMemory } from './peak-memory.ts';
import { observeRun, type RunObservation, type RunObserver } from './run-observation.ts';

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
  close(endMs: SessionMs): {
    readonly trace: RunTrace;
    readonly observation: RunObservation;
    readonly memory: PeakMemory;
  };
}

/**
 * Listens to the sampler for the length of an experiment and keeps, per run, what analysis and reports need:
 * every core's load and the memory of the run's own tree.
 */
export class TraceRecorder {
  readonly #entities = new Map<number, EntityInfo>();
  readonly #unsubscribe: () => void;
  #open: {
    readonly hostPid: number;
    readonly samples: RunSamples;
    readonly observer: RunObserver;
    readonly memory: PeakMemory;
  } | null = null;
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
    const observer = observeRun(hostPid, hostStartMs);
    const memory = createPeakMemory();
    this.#open = { hostPid, samples, observer, memory };
    return {
      workStarted: (atMs) => {
        workStartMs = atMs;
      },
      workEnded: (atMs) => {
        workEndMs = atMs;
      },
      close: (endMs) => {
        this.#open = null;
        const trace: RunTrace = {
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
        return { trace, observation: observer.result(), memory };
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

  /** Cores that others than Corescope keep busy, by the newest frame; null before there is one that tells. */
  backgroundCores(): number | null {
    const frame = this.#lastFrame;
    if (frame === null) return null;
    const busy = frame.coreBusy.reduce((sum, share) => sum + share, 0);
    const own = [...frame.keys].flatMap((key, row) => {
      const entity = this.#entities.get(key);
      return entity?.kind === 'process' && entity.owner === 'corescope' ? [frame.cpuShare[row] ?? 0] : [];
    });
    const others =
      busy -
      (own.length === 0
        ? frame.ownCpuShare
        : own.reduce((sum, share) => sum + (Number.isNaN(share) ? 0 : share), 0));
    return Number.isNaN(others) ? null : Math.max(0, others);
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
    if (this.#open !== null) {
      this.#open.observer.add(frame, this.#entities);
      this.#open.memory.add(frame.atMs, this.#addSample(this.#open.hostPid, this.#open.samples, frame));
    }
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
  #addSample(hostPid: number, samples: RunSamples, frame: SampleFrame): readonly ProcessMemory[] {
    const processes: ProcessMemory[] = [];
    let rssBytes = 0;
    let pssBytes = 0;
    let cpuShare = 0;
    let treeCpuShare = Number.NaN;
    frame.keys.forEach((key, row) => {
      const entity = this.#entities.get(key);
      if (entity?.kind !== 'process' || entity.rootPid !== hostPid) return;
      const memory = {
        key,
        rssBytes: frame.rssBytes[row] ?? Number.NaN,
        pssBytes: frame.pssBytes[row] ?? Number.NaN,
      };
      processes.push(memory);
      rssBytes += memory.rssBytes;
      pssBytes += memory.pssBytes;
      cpuShare += frame.cpuShare[row] ?? Number.NaN;
      if (entity.pid === hostPid) treeCpuShare = frame.totalCpuShare[row] ?? Number.NaN;
    });
    // The cores count even where the tree has just ended: this sample covers the last moments of the run.
    samples.sampleMs.push(frame.atMs);
    samples.coreBusy.push(frame.coreBusy.slice());
    // One unknown part makes the sum unknown, for a sum over the rest would be too low; so does a tree that is gone.
    const isThere = processes.length > 0;
    samples.rssBytes.push(isThere ? rssBytes : Number.NaN);
    samples.pssBytes.push(isThere ? pssBytes : Number.NaN);
    // The total of the host has what children that have exited used, too; a portable reader may not know it.
    samples.cpuShare.push(isThere ? (Number.isNaN(treeCpuShare) ? cpuShare : treeCpuShare) : Number.NaN);
    return processes;
  }
}

interface RunSamples {
  readonly sampleMs: number[];
  readonly coreBusy: Float64Array[];
  readonly rssBytes: number[];
  readonly pssBytes: number[];
  readonly cpuShare: number[];
}
