/** `Did you mean …?` where a known name is near, then all of them. */
export function suggest(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const question = nearest === null ? '' : `Did you mean "${nearest}"? `;
  return `${question}Known: ${known.join(', ')}.`;
}

/** The known name that the fewest edits lead to; null where more than half of the name would have to change. */
export function nearestName(name: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  let fewest = Infinity;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate);
    if (edits < fewest && edits <= Math.max(name.length, candidate.length) / 2) {
      nearest = candidate;
      fewest = edits;
    }
  }
  return nearest;
}

/** Levenshtein distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let taken = 0; taken < from.length; taken += 1) {
    const next = [taken + 1];
    for (let index = 0; index < to.length; index += 1) {
      const replaced = (row[index] ?? Infinity) + (from[taken] === to[index] ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? Infinity) + 1, (next[index] ?? Infinity) + 1));
    }
    row = next;
  }
  return row[to.length] ?? Infinity;
}
