import { stripVTControlCharacters } from 'node:util';

/**
 * What a program wrote, made fit to be shown: no escape sequence reaches a terminal or a page, nothing is drawn
 * over, and what cannot be seen is made visible. Colours and cursor movements are removed; other control
 * characters become their pictures (NUL is ␀, ESC is ␛); a carriage return begins a new line, as it would begin
 * the line anew; characters that turn the direction of writing around are named (`<U+202E>`).
 */
export function toSafeText(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u0000-\u0008\u000B-\u001F]/g, (character) =>
      String.fromCodePoint(0x2400 + (character.codePointAt(0) ?? 0)),
    )
    .replaceAll('\u007F', '\u2421')
    .replaceAll(/[\u0080-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g, nameCharacter);
}

function nameCharacter(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** Longer is no escape sequence that a terminal would take; shorter would cut links (their address is in one). */
const longestEscape = 2_048;

/**
 * Where in `text` a sequence begins that its end has cut: an unfinished escape, or a carriage return whose line
 * feed may follow. What comes before can be shown now. The length of `text` where nothing is cut.
 */
export function endOfWhole(text: string): number {
  if (text.endsWith('\r')) return text.length - 1;
  const escape = text.lastIndexOf('\u001B');
  if (escape === -1 || text.length - escape > longestEscape) return text.length;
  const rest = text.slice(escape + 1);
  // CSI ends with a letter or so, OSC with BEL or ESC \ (a later ESC: then it is that one's turn).
  const isCut =
    rest === '' || /^\[[0-?]*[ -/]*$/.test(rest) || (rest.startsWith(']') && !rest.includes('\u0007'));
  return isCut ? escape : text.length;
}
