import { expect, it } from 'vitest';
import { createManifest } from '../../../src/engine/recording/manifest.ts';
import { isFoundBy } from '../../../src/shared/recording-search.ts';
import type { RecordingEntry } from '../../../src/shared/recording.ts';

const facts = { corescopeVersion: '1', title: 'Nightly build', startedUnixMs: 0, requestedEveryMs: 100 };
const entry: RecordingEntry = {
  path: '/somewhere/else/2026-11-21 make.corescope',
  sizeBytes: 1,
  modifiedUnixMs: 0,
  pinned: true,
  state: 'finished',
  manifest: {
    ...createManifest({ ...facts, command: ['make', '-j4'], strategy: 'copies' }),
    tags: ['CI main', 'slow'],
  },
  problem: null,
};

it.each([
  ['', true],
  ['nightly', true],
  ['MAKE j4', true],
  ['make missing', false],
  ['somewhere', false],
  ['tag:slow copies', true],
  ['tag:slo', false],
  ['tag:"ci main"', true],
  ['"ci main"', true],
  ['"main ci"', false],
  ['is:pinned is:finished', true],
  ['is:writing', false],
])('a search for %s finds it: %s', (typed, found) => {
  expect(isFoundBy(entry, typed)).toBe(found);
});

it('finds what cannot be read by its file name only', () => {
  const unreadable: RecordingEntry = { ...entry, state: 'unreadable', manifest: null };
  expect(
    ['make', 'is:unreadable', 'nightly', 'tag:slow'].map((typed) => isFoundBy(unreadable, typed)),
  ).toEqual([true, true, false, false]);
});
