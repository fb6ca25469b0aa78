import type { Verdict } from '../../shared/experiment-analysis.ts';

/** A verdict's sentence taken apart for a card whose heading and figures tell some of it already. */
export interface VerdictWords {
  /** What was aimed at, `For the best balance of time, memory and CPU time`; empty where nothing is recommended. */
  readonly aim: string;
  /** The rest, a sentence for each clause. */
  readonly sentences: readonly string[];
}

/** The figures of the card say this with the same numbers. */
const toldByFigures = /^it (is [\d.]+ times as fast as serial|needs [\d.]+ [kMG]?B of memory$)/;
/** The line "Cause" says this. */
const toldByCause = 'the cause is not clear from the measurements';

/** The engine joins the clauses of a verdict by semicolons, the recommendation first. */
export function verdictWords({
  sentence,
  recommended,
}: Pick<Verdict, 'sentence' | 'recommended'>): VerdictWords {
  const clauses = sentence.replace(/\.$/, '').split('; ');
  const [first = '', ...others] = clauses;
  const recommendation = recommended === null ? null : /^Run it as .*? (for .*)$/.exec(first);
  const told = recommendation === null ? clauses : others;
  return {
    aim: asSentence(recommendation?.[1] ?? ''),
    sentences: told
      .filter((clause) => recommended === null || !(toldByFigures.test(clause) || clause === toldByCause))
      .map((clause) => `${asSentence(clause)}.`),
  };
}

function asSentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
}
