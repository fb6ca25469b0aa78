import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfWhole, toSafeText } from '../../../../src/engine/runner/safe-text.ts';

describe('text made safe', () => {
  it.each([
    ['plain text, tabs and lines', 'a\tb\nc', 'a\tb\nc'],
    ['colours', '\u001B[1;31mred\u001B[0m', 'red'],
    ['cursor movements and cleared screens', 'a\u001B[2J\u001B[3;1Hb', 'ab'],
    ['links and window titles', '\u001B]0;title\u0007x\u001B]8;;http://a\u0007y', 'xy'],
    ['lines of other systems', 'a\r\nb\rc', 'a\nb\nc'],
    ['NUL, BEL, backspace and delete', '\u0000\u0007\b\u007F', '\u2400\u2407\u2408\u2421'],
    ['an escape that begins nothing', 'a\u001B', 'a\u241B'],
    ['C1 controls', '\u0085x', '<U+0085>x'],
    ['what turns writing around', 'abc\u202Egnp.exe', 'abc<U+202E>gnp.exe'],
  ])('%s', (_, text, safe) => {
    expect(toSafeText(text)).toBe(safe);
  });

  it('is safe whatever it was made of, and stays as it is when made safe again', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => new TextDecoder().decode(array));
    const escapes = fc
      .array(fc.constantFrom('\u001B', '[', ']', '8', ';', 'm', '\u0007', '\r', '\n', '\u009B', 'ä'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(bytes, escapes), (text) => {
        const safe = toSafeText(text);
        expect(safe).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
        expect(stripVTControlCharacters(safe)).toBe(safe);
        expect(toSafeText(safe)).toBe(safe);
      }),
    );
  });
});

describe('the end of what is whole', () => {
  it.each([
    ['all of it', 'abc\u001B[0m', ''],
    ['before an escape', 'abc\u001B', '\u001B'],
    ['before a colour without its end', 'abc\u001B[1;3', '\u001B[1;3'],
    ['before a link without its end', 'abc\u001B]8;;http://a', '\u001B]8;;http://a'],
    ['before a carriage return', 'abc\r', '\r'],
    ['all of it where the escape is one that no terminal takes', `abc\u001B]${'x'.repeat(3_000)}`, ''],
  ])('is %s', (_, text, rest) => {
    expect(text.slice(endOfWhole(text))).toBe(rest);
  });
});
