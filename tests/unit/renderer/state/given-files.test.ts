import { expect, it } from 'vitest';
import { sortFiles } from '../../../../src/renderer/state/given-files.ts';

it('recordings that are given together are opened together, and of other files the first is taken', () => {
  expect(sortFiles(['/a.corescope', '/work.py', '/B.CORESCOPE', '/other.ts'])).toEqual({
    recordings: ['/a.corescope', '/B.CORESCOPE'],
    work: '/work.py',
    leftOut: ['/other.ts'],
  });
});

it('of nothing nothing is taken', () => {
  expect(sortFiles([])).toEqual({ recordings: [], work: null, leftOut: [] });
});
