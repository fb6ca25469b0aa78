/** What a program that failed said of it, of what it wrote to stderr last: `SyntaxError: invalid syntax (work.py, line 3)`. */
export function lastWordsOf(text: string): string | null {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !noise.test(line));
  const words = said.findLast((line) => errorName.test(line)) ?? said.at(-1);
  if (words === undefined) return null;
  return `${words}${errorName.test(words) ? placeIn(lines) : ''}`;
}

/** What Node writes behind an error: its stack and its version. */
const noise = /^(at |Node\.js v\d)/;
const errorName = /^[\w.]*(Error|Exception)\b/;

/** Python names the innermost place last. Node writes the one above its stack first. */
function placeIn(lines: readonly string[]): string {
  const python = lines
    .map((line) => /^File "(.+)", line (\d+)/.exec(line))
    .findLast((found) => found !== null);
  const node = lines.map((line) => /^(?:file:\/\/)?(\/.+):(\d+)$/.exec(line)).find((found) => found !== null);
  const [, file, line] = python ?? node ?? [];
  return file === undefined || line === undefined ? '' : ` (${file}, line ${line})`;
}
