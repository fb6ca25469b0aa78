/** How a text fits what was typed: the letters in their order, not necessarily side by side. */
export interface FuzzyMatch {
  /** Higher is better; only good for comparing matches of one query. */
  readonly score: number;
  /** Where the typed letters were found in the text. */
  readonly positions: readonly number[];
}

const wordStartBonus = 8;
const adjacentBonus = 5;
/** A letter further on counts a little less, so that early matches come first. */
const distancePenalty = 0.1;

/**
 * The best way to find the letters of `query` in `text`, without regard to case; blanks in the query are passed over.
 * Null where they are not all there in that order. Takes time in proportion to query x text x text.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | null {
  const wanted = Array.from(query.toLowerCase()).filter((letter) => letter.trim() !== '');
  const letters = Array.from(text.toLowerCase());
  // best[position]: the best match so far whose last letter is at that position.
  let best = new Map<number, FuzzyMatch>([[-1, { score: 0, positions: [] }]]);
  for (const letter of wanted) {
    const next = new Map<number, FuzzyMatch>();
    for (const [position, candidate] of letters.entries()) {
      if (candidate !== letter) continue;
      for (const [last, match] of best) {
        if (last >= position) continue;
        const score = match.score + letterScore(letters, position, last);
        if (score > (next.get(position)?.score ?? Number.NEGATIVE_INFINITY)) {
          next.set(position, { score, positions: [...match.positions, position] });
        }
      }
    }
    best = next;
  }
  return [...best.values()].reduce<FuzzyMatch | null>(
    (winner, match) => (winner === null || match.score > winner.score ? match : winner),
    null,
  );
}

function letterScore(letters: readonly string[], position: number, last: number): number {
  const before = letters[position - 1] ?? ' ';
  const startsWord = /[^\p{L}\p{N}]/u.test(before);
  const isAdjacent = last >= 0 && position === last + 1;
  return (
    1 + (startsWord ? wordStartBonus : 0) + (isAdjacent ? adjacentBonus : 0) - distancePenalty * position
  );
}
