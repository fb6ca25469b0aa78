import type { Estimate } from '../../../shared/experiment-analysis.ts';
import type { Cell } from '../measurements.ts';

/** A cell of the matrix as the objectives weigh it. */
export interface Candidate {
  readonly cell: Cell;
  readonly wallMs: Estimate;
  /** Wall / wall of the fastest, paired by block; exactly 1 for the fastest itself. */
  readonly ratio: Estimate;
  /** Cannot be told apart from the fastest. The fastest itself is. */
  readonly isTied: boolean;
  /** Told apart from the fastest, which is faster by what nothing that was measured explains: `isGainDoubtful`. */
  readonly isDoubted: boolean;
  /** Medians; null where unknown. */
  readonly memoryBytes: number | null;
  /** Median distance of a run's memory from that median: which other programs share its pages moves PSS. */
  readonly memorySpreadBytes: number;
  readonly cpuSeconds: number | null;
}

/** Two peaks that differ by less are the same, however alike the runs of each were. The larger of the two counts. */
const equalMemoryBytes = 500_000;
const equalMemoryShare = 0.02;
/** CPU time of equal runs differs by about this much. */
const equalCpuShare = 0.05;

/** Whether the first needs less memory, by more than equal runs differ by; false where either is unknown. */
export function isLeaner(first: Candidate, second: Candidate): boolean {
  if (first.memoryBytes === null || second.memoryBytes === null) return false;
  const spreadBytes = first.memorySpreadBytes + second.memorySpreadBytes;
  return second.memoryBytes - first.memoryBytes > Math.max(memoryTolerance(first.memoryBytes), spreadBytes);
}

/**
 * The cheapest: of the least memory, of those the fewest workers, of those the least CPU time, of those the smallest
 * median wall time. Memory decides nothing unless it is known of all, for what is unknown is not little.
 */
export function cheapestOf(candidates: readonly Candidate[]): Candidate {
  const byMemory = leanestOf(candidates);
  const byWorkers = leastBy(
    byMemory,
    ({ cell }) => cell.workers,
    () => 0,
  );
  const byCpu = leastBy(
    byWorkers,
    ({ cpuSeconds }) => cpuSeconds,
    (least) => equalCpuShare * least,
  );
  return fastestOf(byCpu);
}

/** The smallest median wall time. */
export function fastestOf<Timed extends { readonly wallMs: Estimate }>(candidates: readonly Timed[]): Timed {
  const [first, ...others] = candidates;
  if (first === undefined) throw new Error('there is no fastest of nothing');
  return others.reduce((best, other) => (other.wallMs.median < best.wallMs.median ? other : best), first);
}

function memoryTolerance(leastBytes: number): number {
  return Math.max(equalMemoryBytes, equalMemoryShare * leastBytes);
}

/** Those that none is leaner than; all where the memory of one is unknown. */
function leanestOf(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.some(({ memoryBytes }) => memoryBytes === null)) return candidates;
  return candidates.filter((candidate) => !candidates.some((other) => isLeaner(other, candidate)));
}

function leastBy(
  candidates: readonly Candidate[],
  measure: (candidate: Candidate) => number | null,
  toleranceOf: (least: number) => number,
): readonly Candidate[] {
  const values = candidates.map(measure).filter((value) => value !== null);
  if (values.length < candidates.length) return candidates;
  const least = Math.min(...values);
  return candidates.filter((candidate) => (measure(candidate) ?? Infinity) - least <= toleranceOf(least));
}
