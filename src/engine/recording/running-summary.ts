import type { RecordingSummary } from '../../shared/recording.ts';
import type { SampleFrame } from '../../shared/sample.ts';
import type { SessionMs } from '../../shared/units.ts';

/** Adds up what is said at the end, in constant memory. */
export class RunningSummary {
  #first: { readonly atMs: SessionMs; readonly missedTicks: number } | null = null;
  #lastMs: SessionMs = Number.NaN;
  #missedTicks = 0;
  #frames = 0;
  #droppedFrames = 0;
  #unwrittenFrames = 0;
  #ownCpuMs = 0;
  #ownCpuOverMs = 0;
  #ownRssBytes = Number.NaN;

  add(frame: SampleFrame): void {
    if (this.#first === null) {
      this.#first = { atMs: frame.atMs, missedTicks: frame.missedTicks };
    } else {
      const sinceMs = frame.atMs - this.#lastMs;
      // A share counts for the time since the frame before, and for none where it is not known.
      if (!Number.isNaN(frame.ownCpuShare)) {
        this.#ownCpuMs += frame.ownCpuShare * sinceMs;
        this.#ownCpuOverMs += sinceMs;
      }
      if (!Number.isNaN(frame.droppedFrames)) this.#droppedFrames += frame.droppedFrames;
    }
    if (frame.ownRssBytes > this.#ownRssBytes || Number.isNaN(this.#ownRssBytes)) {
      this.#ownRssBytes = frame.ownRssBytes;
    }
    this.#missedTicks = frame.missedTicks;
    this.#lastMs = frame.atMs;
    this.#frames += 1;
  }

  /** Frames that were taken in and could not be written. */
  lose(frames: number): void {
    this.#unwrittenFrames += frames;
  }

  summarize(): RecordingSummary {
    const first = this.#first;
    const durationMs = first === null ? 0 : this.#lastMs - first.atMs;
    return {
      durationMs,
      frames: this.#frames - this.#unwrittenFrames,
      achievedEveryMs: this.#frames < 2 ? null : durationMs / (this.#frames - 1),
      missedTicks: first === null ? 0 : this.#missedTicks - first.missedTicks,
      lostFrames: this.#droppedFrames + this.#unwrittenFrames,
      ownCpuShare: this.#ownCpuOverMs === 0 ? null : this.#ownCpuMs / this.#ownCpuOverMs,
      ownRssBytes: Number.isNaN(this.#ownRssBytes) ? null : this.#ownRssBytes,
    };
  }
}
