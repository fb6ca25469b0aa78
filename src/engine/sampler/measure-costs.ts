import type { Metric } from './capability.ts';
import type { SystemReader } from './system-reader.ts';

/** What one reading of a metric takes here, in microseconds, of this very process where it is of one. */
export type MeasuredCosts = ReadonlyMap<Metric, number>;

/** Per metric: longer steadies the figure, and all together must stay well below a second. */
const measureForMs = 15;
const mostReadings = 1000;

export interface MeasureOptions {
  readonly reader: SystemReader;
  /** The clock that the reader was given runs on by so much: so that what is read seldom is read again. */
  readonly skip: (milliseconds: number) => void;
  /** A clock that is not skipped. */
  readonly clockMs?: () => number;
}

/** Reads each metric again and again for a moment. Only those that a reading can be timed of are in the answer. */
export function measureCosts(options: MeasureOptions): MeasuredCosts {
  const { reader, skip, clockMs = () => performance.now() } = options;
  const pid = process.pid;
  const column = new Float64Array(0);
  const available = new Set(
    reader
      .capabilities()
      .filter((each) => each.available)
      .map(({ metric }) => metric),
  );
  const costs = new Map<Metric, number>();

  function time(metric: Metric, read: () => void): void {
    if (!available.has(metric)) return;
    // The first opens files.
    read();
    const takenMs: number[] = [];
    const endMs = clockMs() + measureForMs;
    for (let startMs = clockMs(); startMs < endMs && takenMs.length < mostReadings;) {
      read();
      const readAtMs = clockMs();
      takenMs.push(readAtMs - startMs);
      startMs = readAtMs;
    }
    // Most of them, and not those in which something else was given the core.
    takenMs.sort((a, b) => a - b);
    const medianMs = takenMs[Math.floor(takenMs.length / 2)];
    if (medianMs !== undefined) costs.set(metric, medianMs * 1000);
  }

  time('core-busy', () => void reader.readCoreTimes());
  time('usable-cores', () => {
    skip(5000);
    reader.readTopology(pid);
  });
  time('core-clock', () => {
    skip(5000);
    reader.readCoreMhz(column);
  });
  time('throttling', () => void reader.readHeldBackMs());
  // Who starts a program to tell processes does so beside the ticks: there is nothing to time.
  if (reader.probesOf !== undefined) {
    for (const [metric, read] of reader.probesOf(pid)) time(metric, read);
    time('process-identity', () => void reader.describe(pid));
  }
  return costs;
}
