/**
 * What a user's function returned, as the text that goes into the checksum: what JSON.stringify keeps of it, with
 * sorted keys, so that equal results are equal texts; undefined is `null`. Throws where JSON cannot carry it.
 */
export function resultText(value: unknown): string {
  if (value === undefined) return 'null';
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new TypeError(`returned ${nameOf(value)}, which cannot be checked: ${reason}`);
  }
  // JSON.stringify's own type does not tell that functions and symbols come out as nothing.
  if (typeof text !== 'string') throw new TypeError(`returned ${nameOf(value)}, which cannot be checked`);
  if (typeof value !== 'object' || value === null) return text;
  return JSON.stringify(sortKeys(JSON.parse(text)));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [name, sortKeys(inner)]);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));
}

function nameOf(value: unknown): string {
  if (typeof value === 'bigint') return 'a BigInt';
  if (typeof value === 'object' && value !== null) {
    const { constructor: maker }: { constructor?: unknown } = value;
    return typeof maker === 'function' && maker !== Object ? `a ${maker.name}` : 'an object';
  }
  return `a ${typeof value}`;
}
