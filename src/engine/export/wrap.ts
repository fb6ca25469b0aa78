/** A blank that does not part a number from its unit, nor a strategy from its number of workers (`threads × 2`). */
const breakable = / (?!(?:%|×|(?:[µm]?s|min|h|[kMGT]?B)(?!\p{L})))(?<!× )/u;

/** Breaks at blanks so that no line is longer than `width`, save for words that are. `first` and `rest` begin lines. */
export function wrap(text: string, width: number, first = '', rest = first): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(breakable)) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join('\n');
}
