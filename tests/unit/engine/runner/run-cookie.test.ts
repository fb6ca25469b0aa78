import { describe, expect, it } from 'vitest';
import { createCookie, hasCookie } from '../../../../src/engine/runner/run-cookie.ts';

const environment = (...entries: string[]): Buffer =>
  Buffer.from(entries.map((entry) => `${entry}\0`).join(''));

describe('the cookie of a run', () => {
  it('is another each time', () => {
    expect(createCookie(undefined)).toMatch(/^[0-9a-f]{24}$/);
    expect(createCookie(undefined)).not.toBe(createCookie(undefined));
  });

  it('is found wherever it stands in an environment', () => {
    expect(hasCookie(environment('CORESCOPE_RUN=abc', 'A=1'), 'abc')).toBe(true);
    expect(hasCookie(environment('A=1', 'CORESCOPE_RUN=abc'), 'abc')).toBe(true);
  });

  it('is not found in another name, in a value, or in nothing', () => {
    expect(hasCookie(environment('NOT_CORESCOPE_RUN=abc', 'A=CORESCOPE_RUN=abc'), 'abc')).toBe(false);
    expect(hasCookie(environment('CORESCOPE_RUN=xyz'), 'abc')).toBe(false);
    expect(hasCookie(Buffer.alloc(0), 'abc')).toBe(false);
  });

  it('of a run within a run belongs to both; that of the outer one not to the inner', () => {
    const outer = createCookie(undefined);
    const inner = createCookie(outer);
    expect(hasCookie(environment(`CORESCOPE_RUN=${inner}`), outer)).toBe(true);
    expect(hasCookie(environment(`CORESCOPE_RUN=${outer}`), inner)).toBe(false);
  });
});
