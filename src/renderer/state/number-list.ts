/** Whole numbers that were typed in a row, or why they cannot be taken. */
export type NumberList =
  | { readonly ok: true; readonly numbers: readonly number[] }
  | { readonly ok: false; readonly reason: string };

/** Reads `1, 2, 4` (commas or spaces), each from `least` to `most`; each number once, ascending. */
export function readNumberList(
  text: string,
  label: string,
  [least, most]: readonly [number, number],
): NumberList {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const numbers = words.map((word) => (/^\d+$/.test(word) ? Number(word) : Number.NaN));
  const isRight = numbers.every((value) => value >= least && value <= most);
  if (words.length === 0 || !isRight) {
    return { ok: false, reason: `${label} must be whole numbers from ${least} to ${most}, such as 1, 2, 4.` };
  }
  return { ok: true, numbers: [...new Set(numbers)].sort((left, right) => left - right) };
}
