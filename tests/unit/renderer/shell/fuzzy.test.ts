import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzyMatch } from '../../../../src/renderer/shell/fuzzy.ts';

/** The texts that have the letters, best first. */
function rank(query: string, texts: readonly string[]): readonly string[] {
  return texts
    .flatMap((text) => {
      const match = fuzzyMatch(query, text);
      return match === null ? [] : [{ text, score: match.score }];
    })
    .sort((one, other) => other.score - one.score)
    .map(({ text }) => text);
}

/** The text with what was typed in brackets. */
function mark(query: string, text: string): string {
  const positions = fuzzyMatch(query, text)?.positions ?? [];
  return Array.from(text, (letter, index) => (positions.includes(index) ? `[${letter}]` : letter)).join('');
}

describe('finding a command', () => {
  it('needs the letters in their order, anywhere, in any case', () => {
    expect(mark('SR', 'Save report…')).toBe('[S]ave [r]eport…');
    expect(fuzzyMatch('rs', 'Save report…')).toBeNull();
    expect(mark('save rep', 'Save report…')).toBe('[S][a][v][e] [r][e][p]ort…');
  });

  it('prefers beginnings of words to letters within them, and whole pieces to scattered letters', () => {
    expect(mark('t', 'Light theme')).toBe('Light [t]heme');
    expect(rank('dark', ['Discard a remark', 'Dark theme'])).toEqual(['Dark theme', 'Discard a remark']);
    expect(rank('set', ['Save text', 'Usual size', 'Settings'])).toEqual(['Settings', 'Save text']);
  });

  it('finds everything where nothing was typed', () => {
    expect(fuzzyMatch('', 'Compare')).toEqual({ score: 0, positions: [] });
    expect(fuzzyMatch('  ', 'Compare')).toEqual({ score: 0, positions: [] });
  });

  it('finds a match exactly where the letters are a subsequence, and marks those letters', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (query, text) => {
        const letters = query.replaceAll(' ', '');
        let found = 0;
        for (const letter of text) if (letter === letters[found]) found += 1;
        const match = fuzzyMatch(query, text);
        expect(match !== null).toBe(found === letters.length);
        if (match !== null) expect(match.positions.map((at) => text[at]).join('')).toBe(letters);
      }),
    );
  });
});
