import { decodeFrame } from '../shared/frame-codec.ts';
import type { EntityInfo, SamplerMessage } from '../shared/sample.ts';
import { describeSlowedSampling } from '../shared/slowed-sampling.ts';

/** What the sampler last saw, as far as a line of progress can show it. */
export interface Glance {
  /** Busy share of each core; NaN where unknown. */
  readonly coreBusy: Float64Array;
  /** Sums over the watched run's processes; NaN where any part is unknown or no process was seen. */
  readonly pssBytes: number;
  readonly rssBytes: number;
  /** Said while the sampler backs off; null otherwise. */
  readonly slowed: string | null;
}

/** Keeps the newest frame and which processes belong to which run. */
export class RunWatch {
  readonly #entities = new Map<number, EntityInfo>();
  #buffer: ArrayBuffer | null = null;

  receive(message: SamplerMessage): void {
    if (message.type === 'frame') {
      // Decoded when it is looked at: four times a second at most, and not as often as frames come in.
      this.#buffer = message.buffer;
      return;
    }
    if (message.type === 'topology') return;
    for (const entity of message.appeared) this.#entities.set(entity.key, entity);
    for (const key of message.goneKeys) this.#entities.delete(key);
  }

  /** Null before the first frame. */
  glance(hostPid: number | null): Glance | null {
    if (this.#buffer === null) return null;
    const frame = decodeFrame(this.#buffer);
    const { coreBusy } = frame;
    const slowed = describeSlowedSampling(frame);
    let rows = 0;
    let pssBytes = 0;
    let rssBytes = 0;
    frame.keys.forEach((key, row) => {
      const entity = this.#entities.get(key);
      if (entity?.kind !== 'process' || entity.rootPid !== hostPid) return;
      rows += 1;
      pssBytes += frame.pssBytes[row] ?? Number.NaN;
      rssBytes += frame.rssBytes[row] ?? Number.NaN;
    });
    return rows === 0
      ? { coreBusy, pssBytes: Number.NaN, rssBytes: Number.NaN, slowed }
      : { coreBusy, pssBytes, rssBytes, slowed };
  }
}
