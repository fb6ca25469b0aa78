import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumberList } from '../../../../src/renderer/state/number-list.ts';

describe('a list of numbers as it is typed', () => {
  it('comes back as it was, ascending and each once, however it was separated', () => {
    const separators = fc.constantFrom(',', ', ', ' ', ' ; ', ',,');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 1 }), separators, (numbers, by) => {
        const expected = [...new Set(numbers)].sort((left, right) => left - right);
        expect(readNumberList(numbers.join(by), 'Workers', [1, 256])).toEqual({
          ok: true,
          numbers: expected,
        });
      }),
    );
  });

  it.each(['', ' , ', '0', '257', '1.5', '-1', 'two', '1e2', '1, x'])('refuses "%s" in words', (text) => {
    expect(readNumberList(text, 'Workers', [1, 256])).toEqual({
      ok: false,
      reason: 'Workers must be whole numbers from 1 to 256, such as 1, 2, 4.',
    });
  });
});
