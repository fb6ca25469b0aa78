import { isLeaner, type Candidate } from './candidate.ts';

/**
 * Those that no other one dominates, in the order given. One dominates another when it is worse in nothing and better
 * in something, of
 *
 * - time: better where the intervals told it faster (`isFaster`), worse where they told it slower;
 * - memory: by more than two equal runs differ by; where it is unknown of either, neither is better;
 * - isolation: a crash of one worker leaves the others alive.
 *
 * Better in time implies the smaller median and better in memory the fewer bytes, so no circle can form and at least
 * one is left.
 */
export function paretoFront(
  candidates: readonly Candidate[],
  isFaster: (first: Candidate, second: Candidate) => boolean,
): Candidate[] {
  function dominates(first: Candidate, second: Candidate): boolean {
    // Comparing times costs the most, so it comes last.
    const isWorse =
      isLeaner(second, first) ||
      (second.cell.isolated && !first.cell.isolated) ||
      // What is unknown might be little.
      (first.memoryBytes === null && second.memoryBytes !== null) ||
      isFaster(second, first);
    if (isWorse) return false;
    const isBetter =
      isLeaner(first, second) || (first.cell.isolated && !second.cell.isolated) || isFaster(first, second);
    return isBetter;
  }
  return candidates.filter(
    (candidate) => !candidates.some((other) => other !== candidate && dominates(other, candidate)),
  );
}
