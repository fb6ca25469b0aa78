const noBreak = '\u00a0';

/** The text with no line break between a figure and its unit, nor within `threads × 2`. */
export function keepTogether(text: string): string {
  return text
    .replaceAll(' × ', `${noBreak}×${noBreak}`)
    .replaceAll(/(\d) (?=(?:%|[µmkMG]?s\b|[kMGT]?B\b|cores?\b|times\b))/g, `$1${noBreak}`);
}
