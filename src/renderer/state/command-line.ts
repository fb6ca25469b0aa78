/** A command line as words, or why it is none. */
export type SplitCommandLine =
  { readonly ok: true; readonly argv: readonly string[] } | { readonly ok: false; readonly reason: string };

/** What only a shell understands; nothing of it is done, so it must not look as if it were. */
const shellWords = new Set(['|', '||', '&', '&&', ';', '>', '>>', '<', '2>', '2>&1']);

/**
 * Splits what one would type into a terminal: words at spaces, quotes '…' and "…" keep what is in them, a backslash
 * takes the next quote, space or backslash as it is (so that paths of Windows stay whole). No shell: pipes and
 * redirections are refused.
 */
export function splitCommandLine(text: string): SplitCommandLine {
  const argv: string[] = [];
  let word = '';
  let isOpen = false;
  let quote: string | null = null;
  let wasQuoted = false;
  const close = (): string | null => {
    if (!isOpen) return null;
    if (!wasQuoted && shellWords.has(word)) return `"${word}" needs a shell: write sh -c '…' around it.`;
    argv.push(word);
    word = '';
    isOpen = false;
    wasQuoted = false;
    return null;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '\\' && quote !== "'" && next !== '' && `"'\\ `.includes(next)) {
      word += next;
      isOpen = true;
      at += 1;
    } else if (quote !== null) {
      if (character === quote) quote = null;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      isOpen = true;
      wasQuoted = true;
    } else if (/\s/.test(character)) {
      const reason = close();
      if (reason !== null) return { ok: false, reason };
    } else {
      word += character;
      isOpen = true;
    }
  }
  if (quote !== null) return { ok: false, reason: `A quote ${quote} is opened and never closed.` };
  const reason = close();
  if (reason !== null) return { ok: false, reason };
  return { ok: true, argv };
}

/** A word as it must be typed to come out of `splitCommandLine` as it is. */
export function quoteWord(word: string): string {
  if (word !== '' && /^[\w./:=,@%+-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
