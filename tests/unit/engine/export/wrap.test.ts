import { describe, expect, it } from 'vitest';
import { wrap } from '../../../../src/engine/export/wrap.ts';

describe('wrapping', () => {
  it('breaks at blanks, and begins the first line and the others as asked', () => {
    expect(wrap('one two three four', 11, '- ', '  ')).toBe('- one two\n  three\n  four');
  });

  it('keeps a number with its unit, and a strategy with its number of workers', () => {
    expect(wrap('it costs 30.9 ms more', 13)).toBe('it costs\n30.9 ms more');
    expect(wrap('at 95 % of it', 6)).toBe('at\n95 %\nof it');
    expect(wrap('it is threads × 2 then', 15)).toBe('it is\nthreads × 2\nthen');
  });

  it('leaves a word that is too long as it is', () => {
    expect(wrap('a incomprehensible b', 5)).toBe('a\nincomprehensible\nb');
  });
});
