import { expect, test } from 'vitest';
import type { RecordingEntry } from '../../../../src/shared/recording.ts';
import { arrange, formatAgo, tagsOfText } from '../../../../src/renderer/state/recordings-list.ts';

function entry(name: string, sizeBytes: number, modifiedUnixMs: number): RecordingEntry {
  const path = `/r/${name}.corescope`;
  return {
    path,
    sizeBytes,
    modifiedUnixMs,
    pinned: false,
    state: 'unreadable',
    manifest: null,
    problem: null,
  };
}

const [a, b, c] = [entry('a', 30, 1), entry('b', 10, 3), entry('c', 30, 2)];

test('recordings are sorted, and among equals the newest stands first', () => {
  const names = (by: 'size' | 'name' | 'when', descending: boolean): string =>
    arrange([a, b, c], '', { by, descending })
      .map(({ path }) => path[3])
      .join('');
  expect(names('size', true)).toBe('cab');
  expect(names('name', false)).toBe('abc');
  expect(names('when', true)).toBe('bca');
});

test('only what is found is listed', () => {
  expect(arrange([a, b, c], 'b.core', { by: 'when', descending: true })).toEqual([b]);
});

test.each([
  [3000, 'just now'],
  [59_000, '59 seconds ago'],
  [60_000, '1 minute ago'],
  [7_200_000, '2 hours ago'],
  [400 * 86_400_000, '1 year ago'],
  [Number.NaN, 'n/a'],
])('%d ms are %s', (sinceMs, text) => {
  expect(formatAgo(1_000_000_000_000 - sinceMs, 1_000_000_000_000)).toBe(text);
});

test('tags are separated by commas', () => {
  expect(tagsOfText(' slow, node 22,, ')).toEqual(['slow', 'node 22']);
});
