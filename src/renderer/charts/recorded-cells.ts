import type { RecordingPicture } from '../../shared/recordings-requests.ts';
import type { SessionMs } from '../../shared/units.ts';
import { fullCode, type CellSummary } from '../drawing/cell-summary.ts';

export type PictureColumns = Pick<
  RecordingPicture,
  'startMs' | 'bucketMs' | 'bucketCount' | 'cores' | 'sampleCounts' | 'coreMin' | 'coreMean' | 'coreMax'
>;

/**
 * A recording as the heatmap is painted from it: a coarse picture of the whole, and a finer one of what is looked at.
 * The finer one is used where it reaches, so that a zoom shows something at once and becomes sharp when it is there.
 */
export class RecordedCells {
  readonly cores: number;
  readonly firstMs: SessionMs | null;
  readonly latestMs: SessionMs | null;
  readonly #pictures: readonly PictureColumns[];

  /** `finer` first: the first picture that reaches is the one that is used. */
  constructor(
    span: { readonly fromMs: SessionMs; readonly toMs: SessionMs },
    pictures: readonly PictureColumns[],
  ) {
    this.#pictures = pictures;
    this.cores = pictures.reduce((most, { cores }) => Math.max(most, cores), 0);
    this.firstMs = pictures.length === 0 ? null : span.fromMs;
    this.latestMs = pictures.length === 0 ? null : span.toMs;
  }

  /** Reduces what is known of a stretch of time into `summary`, and says whether there is anything. */
  read(fromMs: SessionMs, toMs: SessionMs, summary: CellSummary): 'measured' | 'missing' | 'outside' {
    summary.clear();
    if (this.firstMs === null || this.latestMs === null) return 'outside';
    if (toMs <= this.firstMs || fromMs >= this.latestMs) return 'outside';
    const picture = this.#pictures.find((candidate) =>
      covers(candidate, fromMs, toMs, this.latestMs ?? toMs),
    );
    if (picture === undefined) return 'missing';
    const [first, last] = bucketsOf(picture, fromMs, toMs);
    let samples = 0;
    for (let index = first; index < last; index += 1) samples += addBucket(picture, index, summary);
    // At the finest level each sample has a bucket of its own width, and a tick that was a little late leaves one
    // empty: a sample tells of the time before it, so the bucket that follows tells of this one.
    if (samples === 0 && (picture.sampleCounts[last] ?? 0) > 0) samples += addBucket(picture, last, summary);
    return samples > 0 ? 'measured' : 'missing';
  }
}

function covers(
  { startMs, bucketMs, bucketCount }: PictureColumns,
  fromMs: SessionMs,
  toMs: SessionMs,
  latestMs: SessionMs,
): boolean {
  return fromMs >= startMs - bucketMs && Math.min(toMs, latestMs) <= startMs + (bucketCount + 1) * bucketMs;
}

/** The buckets that touch a stretch of time; at least one. */
function bucketsOf(
  { startMs, bucketMs, bucketCount }: PictureColumns,
  fromMs: SessionMs,
  toMs: SessionMs,
): readonly [first: number, last: number] {
  // A stretch that ends where a bucket begins does not touch it, whatever floating point makes of the division.
  const nothing = 1e-6;
  const first = Math.max(0, Math.floor((fromMs - startMs) / bucketMs + nothing));
  const last = Math.min(bucketCount, Math.max(first + 1, Math.ceil((toMs - startMs) / bucketMs - nothing)));
  return [first, last];
}

function addBucket(picture: PictureColumns, index: number, into: CellSummary): number {
  const { bucketCount, cores, sampleCounts, coreMin, coreMean, coreMax } = picture;
  const samples = sampleCounts[index] ?? 0;
  if (samples === 0) return 0;
  const { min, max, sum, count } = into;
  for (let core = 0; core < cores; core += 1) {
    const place = core * bucketCount + index;
    const mean = coreMean[place] ?? fullCode + 1;
    if (mean > fullCode) continue;
    min[core] = Math.min(min[core] ?? fullCode, coreMin[place] ?? mean);
    max[core] = Math.max(max[core] ?? 0, coreMax[place] ?? mean);
    sum[core] = (sum[core] ?? 0) + mean * samples;
    count[core] = (count[core] ?? 0) + samples;
  }
  return samples;
}
