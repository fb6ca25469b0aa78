import {
  coreCode,
  overviewSeries,
  type Buckets,
  type Overview,
  type OverviewSeries,
} from '../../shared/recording.ts';

/**
 * The overview with neighbouring buckets put together, so that at most `mostBuckets` are left: zoom levels come in steps
 * of eight, and a picture that is to be kept should not be eight times as large as it shows.
 */
export function mergeBuckets(overview: Overview, mostBuckets: number): Overview {
  const { bucketMs, bucketCount, sampleCounts, cores, series } = overview;
  const factor = Math.ceil(bucketCount / Math.max(1, mostBuckets));
  if (factor <= 1) return overview;
  const length = Math.ceil(bucketCount / factor);
  const counts = new Uint32Array(length);
  sampleCounts.forEach((count, bucket) => {
    const place = Math.floor(bucket / factor);
    counts[place] = (counts[place] ?? 0) + count;
  });
  const merge = <Column extends Uint8Array | Float32Array>(
    columns: Buckets<Column>,
    make: () => Column,
    isKnown: (value: number) => boolean,
  ): Buckets<Column> => {
    const merged = { min: make(), mean: make(), max: make() };
    const weights = new Float64Array(length);
    const sums = new Float64Array(length);
    for (let bucket = 0; bucket < bucketCount; bucket += 1) {
      const mean = columns.mean[bucket] ?? Number.NaN;
      if (!isKnown(mean)) continue;
      const place = Math.floor(bucket / factor);
      const [low, high] = [columns.min[bucket] ?? mean, columns.max[bucket] ?? mean];
      const isFirst = weights[place] === 0;
      if (isFirst || low < (merged.min[place] ?? low)) merged.min[place] = low;
      if (isFirst || high > (merged.max[place] ?? high)) merged.max[place] = high;
      const weight = sampleCounts[bucket] ?? 0;
      sums[place] = (sums[place] ?? 0) + mean * weight;
      weights[place] = (weights[place] ?? 0) + weight;
    }
    weights.forEach((weight, place) => {
      // Codes of cores are whole numbers; a typed array of them would cut off instead of rounding.
      const mean = (sums[place] ?? 0) / weight;
      if (weight > 0) merged.mean[place] = merged.mean instanceof Uint8Array ? Math.round(mean) : mean;
    });
    return merged;
  };
  const unknownCodes = (): Uint8Array => new Uint8Array(length).fill(coreCode.missing);
  const unknownValues = (): Float32Array => new Float32Array(length).fill(Number.NaN);
  return {
    startMs: overview.startMs,
    bucketMs: bucketMs * factor,
    bucketCount: length,
    sampleCounts: counts,
    cores: cores.map((core) => merge(core, unknownCodes, (code) => code <= coreCode.full)),
    // One entry for each name of the list.
    series: Object.fromEntries(
      overviewSeries.map((name) => [
        name,
        merge(series[name], unknownValues, (value) => !Number.isNaN(value)),
      ]),
    ) as Record<OverviewSeries, Buckets<Float32Array>>,
  };
}
