import type { VerdictAnswer } from './experiment-analysis.ts';
import { asSentence } from './format.ts';

/**
 * An answer clause by clause, without capitals and full stops: first what to run, of which `name` is the name
 * (`threads × 2`), then the reasons.
 */
export function verdictClauses(name: string, { aim, isAimMet, reasons }: VerdictAnswer): string[] {
  const opening = isAimMet
    ? [`run it as ${name} ${aim}`]
    : [`nothing that was measured is known to meet the aim ${aim}`, `the nearest is ${name}`];
  return [...opening, ...reasons.map(({ clause }) => clause)];
}

/** An answer as one sentence. */
export function verdictSentence(name: string, answer: VerdictAnswer): string {
  return `${asSentence(verdictClauses(name, answer).join('; '))}.`;
}

/** The same as a sentence for each clause. */
export function verdictSentences(name: string, answer: VerdictAnswer): string[] {
  return verdictClauses(name, answer).map((clause) => `${asSentence(clause)}.`);
}
