import type { Bytes } from '../../shared/units.ts';

/** The end of an axis that shows so many bytes: 2, 4, 8 or 10 times a power of ten, at least 20 MB. */
export function memoryAxisEnd(mostBytes: Bytes): Bytes {
  if (mostBytes <= 2e7) return 2e7;
  const decade = 10 ** Math.floor(Math.log10(mostBytes));
  return ([2, 4, 8].find((step) => step * decade >= mostBytes) ?? 10) * decade;
}
