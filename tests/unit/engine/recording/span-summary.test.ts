import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { measureSpans } from '../../../../src/engine/recording/figures.ts';
import { mergeBuckets } from '../../../../src/engine/recording/merge-buckets.ts';
import { openRecording, type Recording } from '../../../../src/engine/recording/open-recording.ts';
import { chooseLevel } from '../../../../src/engine/recording/overview-reader.ts';
import type { SpanFigures } from '../../../../src/engine/recording/span-figures.ts';
import { makeRecording, valueOf } from './support/made-recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'corescope-summary-'));
let recording: Recording;

beforeAll(() => {
  const path = join(folder, 'two-minutes.corescope');
  makeRecording(path, { cores: 2, processes: 5, ticks: 1200 });
  recording = valueOf(openRecording(path));
});

afterAll(() => {
  recording.close();
  rmSync(folder, { recursive: true });
});

function measured(fromMs: number, toMs: number, mostBytes: number): SpanFigures {
  const [first] = measureSpans(recording, [{ fromMs, toMs }], mostBytes);
  if (first === undefined) throw new Error('one span is measured');
  return first.figures;
}

describe('figures of a span that is too long to be read sample by sample', () => {
  it('are those of all its samples, to the width of a summary at both ends', () => {
    const exact = measured(16_000, 96_000, Number.POSITIVE_INFINITY);
    const summarized = measured(16_000, 96_000, 0);
    expect(summarized.durationMs).toBe(80_000);
    expect(summarized.frames).toBe(exact.frames);
    // A sample is of the time before it: the one of the first instant tells of nothing in the span.
    expect(Math.abs(summarized.cpuSeconds - exact.cpuSeconds)).toBeLessThan(0.8 * 2);
    expect(Math.abs(summarized.meanCores - exact.meanCores)).toBeLessThan(0.02);
    expect(Math.abs(summarized.meanWaiting - exact.meanWaiting)).toBeLessThan(0.01);
    // A code of a core is a 250th.
    expect(Math.abs(summarized.machineCores - exact.machineCores)).toBeLessThan(0.02);
    expect(summarized.peakRssBytes).toBe(Math.fround(exact.peakRssBytes));
    expect(summarized.peakProcesses).toBe(exact.peakProcesses);
    expect(summarized.throttledShare).toBeNaN();
  });

  it('are asked for only of the longest, and say how fine they are', () => {
    const spans = [
      { fromMs: 0, toMs: 100_000 },
      { fromMs: 50_000, toMs: 51_000 },
    ];
    const cheap = recording.frameBytes([{ fromMs: 50_000, toMs: 51_000 }]);
    expect(measureSpans(recording, spans, cheap).map(({ summaryMs }) => summaryMs)).toEqual([800, null]);
    expect(measureSpans(recording, spans).map(({ summaryMs }) => summaryMs)).toEqual([null, null]);
    expect(measureSpans(recording, [])).toEqual([]);
  });

  it('know nothing of a time without samples', () => {
    const { frames, meanCores, peakPssBytes } = measured(500_000, 600_000, 0);
    expect([frames, meanCores, peakPssBytes]).toEqual([0, Number.NaN, Number.NaN]);
  });

  it('cost what the blocks hold that are gone through, each counted once', () => {
    const [one, other] = [
      { fromMs: 0, toMs: 9000 },
      { fromMs: 40_000, toMs: 41_000 },
    ];
    const both = recording.frameBytes([one, other]);
    expect(both).toBe(recording.frameBytes([one]) + recording.frameBytes([other]));
    expect(recording.frameBytes([one, one])).toBe(recording.frameBytes([one]));
  });
});

it('few samples of very many processes are a reason for a coarser level, as many samples are', () => {
  expect(chooseLevel(100, 60_000, 1400, 7_000_000)).toBe(0);
  expect(chooseLevel(100, 60_000, 1400, 9_000_000)).toBe(1);
});

describe('buckets put together', () => {
  it('keep samples, extremes and means, whatever the number that is wanted', () => {
    const whole = recording.overview(recording.span, 1200);
    const total = (counts: Uint32Array): number => counts.reduce((sum, count) => sum + count, 0);
    const mean = (values: Float32Array, counts: Uint32Array): number =>
      values.reduce((sum, value, bucket) => sum + value * (counts[bucket] ?? 0), 0) / total(counts);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1300 }), (most) => {
        const merged = mergeBuckets(whole, most);
        expect(merged.bucketCount).toBeLessThanOrEqual(most);
        expect(merged.bucketCount * merged.bucketMs).toBeGreaterThanOrEqual(
          whole.bucketCount * whole.bucketMs,
        );
        expect(total(merged.sampleCounts)).toBe(1200);
        const [before, after] = [whole.series.runCpuShare, merged.series.runCpuShare];
        expect(Math.max(...after.max)).toBe(Math.max(...before.max));
        expect(Math.min(...after.min)).toBe(Math.min(...before.min));
        expect(mean(after.mean, merged.sampleCounts)).toBeCloseTo(mean(before.mean, whole.sampleCounts), 4);
        expect(Math.max(...(merged.cores[0]?.max ?? []))).toBe(Math.max(...(whole.cores[0]?.max ?? [])));
      }),
      { numRuns: 40 },
    );
  });

  it('are the very same where there are few enough', () => {
    const whole = recording.overview(recording.span, 100);
    expect(mergeBuckets(whole, whole.bucketCount)).toBe(whole);
  });
});
