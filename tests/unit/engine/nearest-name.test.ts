import { describe, expect, it } from 'vitest';
import { nearestName } from '../../../src/engine/nearest-name.ts';

describe('nearestName', () => {
  it.each([
    { typed: 'thread', nearest: 'threads' },
    { typed: 'THREADS', nearest: 'threads' },
    { typed: 'proceses', nearest: 'processes' },
    { typed: 'sreial', nearest: 'serial' },
    { typed: 'x', nearest: null },
    { typed: '', nearest: null },
  ])('finds $nearest for "$typed"', ({ typed, nearest }) => {
    expect(nearestName(typed, ['serial', 'threads', 'processes'])).toBe(nearest);
  });
});
