import { levelFactor } from './overview-levels.ts';
import { shareOfCode, type Recording, type TimeSpan } from './open-recording.ts';
import type { MeasuredSpan } from './span-figures.ts';
import { larger, WeightedMean } from './weighted-mean.ts';

/** So that a bucket is at most a four-hundredth of the span, which is what its ends are off by, where summaries are that fine. */
const leastBuckets = 400;

/**
 * The figures of a span by the zoom levels, in a time that does not grow with its length. A bucket counts as far as it
 * lies in the span; for peaks where most of it does. Means within a bucket are of its samples, each alike.
 */
export function summarizeSpan(recording: Recording, span: TimeSpan): MeasuredSpan {
  const finestMs = (recording.manifest?.requestedEveryMs ?? 100) * levelFactor;
  const finestBuckets = Math.max(1, Math.floor((span.toMs - span.fromMs) / finestMs));
  const { startMs, bucketMs, bucketCount, sampleCounts, series, cores } = recording.overview(
    span,
    // No more than the finest summaries have: for more the samples themselves would be read.
    Math.min(leastBuckets, finestBuckets),
  );
  const means = {
    cpu: new WeightedMean(),
    machine: new WeightedMean(),
    waiting: new WeightedMean(),
    throttled: new WeightedMean(),
  };
  let frames = 0;
  let peakPssBytes = Number.NaN;
  let peakRssBytes = Number.NaN;
  let peakProcesses = Number.NaN;
  for (let bucket = 0; bucket < bucketCount; bucket += 1) {
    const fromMs = startMs + bucket * bucketMs;
    const insideMs = Math.min(fromMs + bucketMs, span.toMs) - Math.max(fromMs, span.fromMs);
    const samples = sampleCounts[bucket] ?? 0;
    if (insideMs <= 0 || samples === 0) continue;
    frames += (samples * insideMs) / bucketMs;
    const at = (values: Float32Array): number => values[bucket] ?? Number.NaN;
    means.cpu.add(at(series.runCpuShare.mean), insideMs);
    means.waiting.add(at(series.runWaiting.mean), insideMs);
    means.throttled.add(at(series.throttledShare.mean), insideMs);
    means.machine.add(
      cores.reduce((sum, { mean }) => sum + shareOfCode(mean[bucket] ?? Number.NaN), 0),
      insideMs,
    );
    if (insideMs < bucketMs / 2) continue;
    peakPssBytes = larger(peakPssBytes, at(series.runPssBytes.max));
    peakRssBytes = larger(peakRssBytes, at(series.runRssBytes.max));
    peakProcesses = larger(peakProcesses, at(series.runProcesses.max));
  }
  return {
    summaryMs: bucketMs,
    figures: {
      durationMs: span.toMs - span.fromMs,
      frames: Math.round(frames),
      cpuSeconds: means.cpu.sum / 1000,
      meanCores: means.cpu.mean,
      machineCores: means.machine.mean,
      peakPssBytes,
      peakRssBytes,
      meanWaiting: means.waiting.mean,
      throttledShare: means.throttled.mean,
      peakProcesses,
    },
  };
}
