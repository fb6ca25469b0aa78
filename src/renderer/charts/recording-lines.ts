import { coreCode } from '../../shared/recording.ts';
import type { RecordingPicture } from '../../shared/recordings-requests.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';

/** Points of a line, one for each stretch of time; NaN where nothing is known. */
export interface LineColumns {
  readonly startMs: SessionMs;
  readonly bucketMs: Milliseconds;
  readonly min: Float32Array;
  readonly mean: Float32Array;
  readonly max: Float32Array;
}

/** Load of the whole machine in cores: the sums of the cores' smallest, mean and largest codes. */
export function machineLine(picture: RecordingPicture): LineColumns {
  const { startMs, bucketMs, bucketCount, cores, coreMean } = picture;
  const mean = new Float32Array(bucketCount).fill(cores === 0 ? Number.NaN : 0);
  for (let place = 0; place < coreMean.length; place += 1) {
    const code = coreMean[place] ?? coreCode.missing;
    const bucket = place % bucketCount;
    const share = code > coreCode.full ? Number.NaN : code / coreCode.full;
    mean[bucket] = (mean[bucket] ?? Number.NaN) + share;
  }
  // Which core was busiest when is not known from sums: only the mean of a sum is the sum of the means.
  return { startMs, bucketMs, min: mean, mean, max: mean };
}

/** Joins neighbours until there are at most `mostPoints`: smallest of the smallest, largest of the largest. */
export function thinned(line: LineColumns, sampleCounts: Uint32Array, mostPoints: number): LineColumns {
  const factor = Math.max(1, Math.ceil(line.mean.length / Math.max(1, mostPoints)));
  if (factor === 1) return line;
  const length = Math.ceil(line.mean.length / factor);
  const unknown = (): Float32Array => new Float32Array(length).fill(Number.NaN);
  const joined = { min: unknown(), mean: unknown(), max: unknown() };
  for (let point = 0; point < length; point += 1) {
    let [weight, sum] = [0, 0];
    for (let index = point * factor; index < Math.min((point + 1) * factor, line.mean.length); index += 1) {
      const mean = line.mean[index] ?? Number.NaN;
      if (Number.isNaN(mean)) continue;
      const samples = Math.max(1, sampleCounts[index] ?? 1);
      weight += samples;
      sum += mean * samples;
      joined.min[point] = smaller(joined.min[point] ?? Number.NaN, line.min[index] ?? mean);
      joined.max[point] = larger(joined.max[point] ?? Number.NaN, line.max[index] ?? mean);
    }
    if (weight > 0) joined.mean[point] = sum / weight;
  }
  return { startMs: line.startMs, bucketMs: line.bucketMs * factor, ...joined };
}

/** `[time, value]` by the middle of each stretch; null breaks the line where more than one stretch is unknown. */
export function pointsOf(
  { startMs, bucketMs }: LineColumns,
  values: Float32Array,
): (readonly [number, number | null])[] {
  const points: (readonly [number, number | null])[] = [];
  values.forEach((value, index) => {
    const atMs = startMs + (index + 0.5) * bucketMs;
    if (!Number.isNaN(value)) points.push([atMs, value]);
    // One empty stretch is a tick that came a little late.
    else if (Number.isNaN(values[index + 1] ?? Number.NaN) && points.at(-1)?.[1] !== null) {
      if (points.length > 0) points.push([atMs, null]);
    }
  });
  return points;
}

export function mostOf(values: Float32Array): number {
  return values.reduce(larger, Number.NaN);
}

/** What a line says at a time; NaN where it says nothing. */
export function valueAt({ startMs, bucketMs }: LineColumns, values: Float32Array, atMs: SessionMs): number {
  const index = Math.floor((atMs - startMs) / bucketMs);
  const value = values[index] ?? Number.NaN;
  return Number.isNaN(value) ? (values[index + 1] ?? Number.NaN) : value;
}

function smaller(one: number, other: number): number {
  return Number.isNaN(one) || other < one ? other : one;
}

function larger(one: number, other: number): number {
  return Number.isNaN(one) || other > one ? other : one;
}
