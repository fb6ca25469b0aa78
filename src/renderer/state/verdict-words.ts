import type { ReasonSubject, Verdict } from '../../shared/experiment-analysis.ts';
import { asSentence } from '../../shared/format.ts';
import { strategyName } from '../../shared/strategy-name.ts';
import { verdictSentences } from '../../shared/verdict-sentence.ts';

/** A verdict's words for a card whose heading says what to run, and whose figures tell some of the reasons. */
export interface VerdictWords {
  /** What was aimed at, `For the best balance of time, memory and CPU time`; empty where the sentences tell it. */
  readonly aim: string;
  readonly sentences: readonly string[];
}

/** By the figures of the card and by its line "Cause". */
const toldElsewhere: readonly ReasonSubject[] = ['speedup', 'memory', 'no-cause'];

/** Of a comparison of an earlier version, and of one without a recommendation, only the whole sentence is known. */
export function verdictWords({
  answer,
  recommended,
  sentence,
}: Pick<Verdict, 'answer' | 'recommended' | 'sentence'>): VerdictWords {
  if (answer === null || recommended === null) return { aim: '', sentences: [sentence] };
  const reasons = answer.reasons.filter(({ about }) => !toldElsewhere.includes(about));
  const sentences = verdictSentences(strategyName(recommended), { ...answer, reasons });
  // The heading is the first of them, unless the aim was missed: that has to be said.
  return answer.isAimMet
    ? { aim: asSentence(answer.aim), sentences: sentences.slice(1) }
    : { aim: '', sentences };
}
