import type { Marker } from '../../shared/recording.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';

/**
 * Markers in what a program prints. The protocol is one line, which any language can print and which no program
 * prints by chance:
 *
 *     ::corescope marker loaded rows=1000 file="my data.csv"::
 *     ::corescope begin "second pass"::          … and later …          ::corescope end "second pass"::
 *
 * Words of letters, digits and `_ . / + -` stand as they are; anything else is a JSON string. The line may have
 * white space around it, and nothing else.
 */

/** A line that is longer holds no marker; and a pattern of the user's never has to run over more. */
const longestLine = 4096;

const kinds: Readonly<Record<string, Marker['kind']>> = { marker: 'marker', begin: 'begin', end: 'end' };

const opening = '::corescope ';
const closing = '::';
const bareWord = /^[\p{L}\p{N}_./+-]+$/u;
const word = String.raw`(?:[\p{L}\p{N}_./+-]+|"(?:[^"\\]|\\.)*")`;
const content = new RegExp(String.raw`^(\w+) +(${word})((?: +${word}=${word})*) *$`, 'u');
const pair = new RegExp(String.raw` +(${word})=(${word})`, 'gu');

/** The marker that a line of output sets; null where it is any other line. */
export function parseMarkerLine(line: string): Marker | null {
  if (line.length > longestLine) return null;
  const text = line.trim();
  if (!text.startsWith(opening) || !text.endsWith(closing) || text.length < opening.length + closing.length) {
    return null;
  }
  const match = content.exec(text.slice(opening.length, -closing.length));
  const kind = kinds[match?.[1] ?? ''];
  const name = unquote(match?.[2] ?? '');
  if (match === null || kind === undefined || name === null || name === '') return null;
  const values: [string, string][] = [];
  for (const [, key = '', value = ''] of (match[3] ?? '').matchAll(pair)) {
    const [readKey, readValue] = [unquote(key), unquote(value)];
    if (readKey === null || readValue === null) return null;
    values.push([readKey, readValue]);
  }
  // From entries: a value named __proto__ is a value like any other.
  return { kind, name, values: Object.fromEntries(values) };
}

/** The line that `parseMarkerLine` reads as this marker, without a line feed. */
export function formatMarkerLine({ kind, name, values }: Marker): string {
  const pairs = Object.entries(values).map(([key, value]) => ` ${quote(key)}=${quote(value)}`);
  return `${opening}${kind} ${quote(name)}${pairs.join('')}${closing}`;
}

export type MarkerPattern = (line: string) => Marker | null;

/**
 * A user's regular expression as a source of markers: a line that matches sets one. Its name is the group `name`,
 * else the first group, else all that matched; the other named groups become values.
 */
export function createMarkerPattern(source: string): Result<MarkerPattern> {
  let pattern: RegExp;
  try {
    pattern = new RegExp(source, 'u');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      'bad-marker-pattern',
      `The marker pattern ${source} is no regular expression: ${reason}.`,
      "Correct what --marker is given, like 'phase (\\w+)', in quotes.",
    );
  }
  return succeed((line) => {
    const match = line.length > longestLine ? null : pattern.exec(line);
    if (match === null) return null;
    const { name: named, ...others } = match.groups ?? {};
    const name = named ?? match[1] ?? match[0];
    if (name === '') return null;
    // A group that took no part is undefined, whatever its type says.
    const values = Object.entries<string | undefined>(others).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const],
    );
    return { kind: 'marker', name, values: Object.fromEntries(values) };
  });
}

function quote(text: string): string {
  return bareWord.test(text) ? text : JSON.stringify(text);
}

function unquote(text: string): string | null {
  if (!text.startsWith('"')) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'string' ? parsed : null;
  } catch {
    return null;
  }
}
