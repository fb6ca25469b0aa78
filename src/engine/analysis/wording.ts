import type { Estimate } from '../../shared/experiment-analysis.ts';
import { factorDigits } from '../../shared/format.ts';

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/**
 * A ratio's digits; one digit more where rounding would show an end that is not 1 as 1.00, for there the sentence
 * rests on which side of 1 it lies.
 */
export function ratioDigits(ratio: number): string {
  const digits = factorDigits(ratio);
  return digits === '1.00' && ratio !== 1 ? ratio.toFixed(3) : digits;
}

export function intervalWords({ ci95: [low, high] }: Estimate): string {
  return `${ratioDigits(low)} to ${ratioDigits(high)}`;
}
