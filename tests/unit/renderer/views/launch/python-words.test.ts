import { describe, expect, it } from 'vitest';
import { abbreviatePython, describePython } from '../../../../../src/renderer/views/launch/python-words.ts';

describe.each([
  {
    build: { version: '3.12.1', implementation: 'CPython', gilEnabled: true, freeThreadedBuild: false },
    words: '3.12.1',
    short: '3.12.1, GIL on',
  },
  {
    build: { version: '3.13.1', implementation: 'CPython', gilEnabled: false, freeThreadedBuild: true },
    words: '3.13.1 free-threaded build, GIL off',
    short: '3.13.1t, GIL off',
  },
  {
    build: { version: '3.13.1', implementation: 'CPython', gilEnabled: true, freeThreadedBuild: true },
    words: '3.13.1 free-threaded build, GIL on',
    short: '3.13.1t, GIL on',
  },
  {
    build: { version: '3.10.14', implementation: 'PyPy', gilEnabled: null, freeThreadedBuild: null },
    words: 'PyPy 3.10.14',
    short: '3.10.14',
  },
])('the words for $words', ({ build, words, short }) => {
  it('say what build it is, and for a free-threaded one whether its lock is on', () => {
    expect(describePython(build)).toBe(words);
  });

  it('are short where there is little room', () => {
    expect(abbreviatePython(build)).toBe(short);
  });
});
