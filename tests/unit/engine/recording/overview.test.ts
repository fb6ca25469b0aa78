import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openBlocks } from '../../../../src/engine/recording/block-reader.ts';
import { blockType } from '../../../../src/engine/recording/container.ts';
import { openRecording } from '../../../../src/engine/recording/open-recording.ts';
import { chooseLevel } from '../../../../src/engine/recording/overview-reader.ts';
import type { Overview } from '../../../../src/shared/recording.ts';
import type { SampleFrame } from '../../../../src/shared/sample.ts';
import { makeRecording, temporaryFolder, valueOf } from './support/made-recording.ts';

const everything = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };

/** The largest busy share of each bucket, from the frames themselves. */
function peaksOf(frames: readonly SampleFrame[], core: number, bucketMs: number, buckets: number): number[] {
  return Array.from({ length: buckets }, (_, bucket) => {
    const shares = frames
      .filter(({ atMs }) => Math.floor(atMs / bucketMs) === bucket)
      .map(({ coreBusy }) => coreBusy[core] ?? NaN);
    return shares.length === 0 ? 251 : Math.round(Math.max(...shares) * 250);
  });
}

function peaks({ cores }: Overview, core: number): number[] {
  return [...(cores[core]?.max ?? [])];
}

it.each([
  [1, 800],
  [2, 6400],
  [3, 51_200],
])('level %i has the smallest, mean and largest of every bucket of %i ms', (level, bucketMs) => {
  const path = join(temporaryFolder(), 'levels.corescope');
  const frames = makeRecording(path, { cores: 2, ticks: 1100 });
  const recording = valueOf(openRecording(path));
  const least = 110_000 / bucketMs / 2;
  const overview = recording.overview(everything, least);
  recording.close();

  expect(overview.bucketMs).toBe(bucketMs);
  expect(overview.bucketCount).toBe(Math.ceil(109_900.1 / bucketMs));
  expect(overview.sampleCounts.reduce((sum, count) => sum + count, 0)).toBe(1100);
  expect(peaks(overview, 1)).toEqual(peaksOf(frames, 1, bucketMs, overview.bucketCount));
  const firstBucket = frames.filter(({ atMs }) => atMs < bucketMs);
  const mean = firstBucket.reduce((sum, { coreBusy }) => sum + (coreBusy[0] ?? NaN), 0) / firstBucket.length;
  expect(overview.cores[0]?.mean[0]).toBe(Math.round(mean * 250));
  const rss = firstBucket.map(({ totalRssBytes }) => totalRssBytes[0] ?? NaN);
  expect(overview.series.runRssBytes.max[0]).toBe(Math.fround(Math.max(...rss)));
  expect(overview.series.runRssBytes.min[0]).toBe(Math.fround(Math.min(...rss)));
  expect(overview.series.runProcesses.mean[0]).toBe(5);
  expect(overview.series.throttledShare.max[0]).toBeNaN();
  expect(level).toBe(chooseLevel(100, 110_000, least));
});

it('what the recorder had not written yet when it was killed is made from the samples', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'whole.corescope');
  makeRecording(path, { cores: 2, ticks: 1100 });
  const blocks = valueOf(openBlocks(path));
  blocks.close();
  const firstOverview = blocks.entries.findLast(
    ({ type, startMs }) => type === blockType.frames && startMs < 99_000,
  );
  const killed = join(folder, 'killed.corescope');
  writeFileSync(killed, readFileSync(path).subarray(0, firstOverview?.offset ?? 0));

  const whole = valueOf(openRecording(path));
  const cut = valueOf(openRecording(killed));
  const span = { fromMs: 0, toMs: 96_000 };
  const expected = whole.overview(span, 100);
  const made = cut.overview(span, 100);
  whole.close();
  cut.close();
  expect(made.bucketMs).toBe(800);
  expect(made.sampleCounts).toEqual(expected.sampleCounts);
  expect(made.cores).toEqual(expected.cores);
});

it('a span without samples is missing, not idle', () => {
  const path = join(temporaryFolder(), 'short.corescope');
  makeRecording(path, { cores: 1, ticks: 10 });
  const recording = valueOf(openRecording(path));
  const { bucketCount, cores } = recording.overview({ fromMs: 5000, toMs: 9000 }, 10);
  recording.close();
  expect([bucketCount, cores.length]).toEqual([0, 0]);
});

it('chooses the coarsest level that is fine enough', () => {
  const day = 86_400_000;
  expect(chooseLevel(100, day, 1400)).toBe(3);
  expect(chooseLevel(100, 3_600_000, 1400)).toBe(1);
  expect(chooseLevel(100, 60_000, 1400)).toBe(0);
  expect(chooseLevel(100, day, 1)).toBe(6);
  expect(chooseLevel(100, 30 * day, 1_000_000)).toBe(3);
});
