import { describe, expect, it } from 'vitest';
import { describeSlowedSampling } from '../../../src/shared/slowed-sampling.ts';

describe('what is said of a sampler that backs off', () => {
  it('names both rates, and why', () => {
    expect(describeSlowedSampling({ requestedEveryMs: 100, everyMs: 200 })).toBe(
      'sampling slowed to 5 of 10 Hz: its own cost was over its budget',
    );
    expect(describeSlowedSampling({ requestedEveryMs: 100, everyMs: 800 })).toContain('to 1.3 of 10 Hz');
  });

  it('is nothing at the rate that was asked for', () => {
    expect(describeSlowedSampling({ requestedEveryMs: 100, everyMs: 100 })).toBeNull();
  });
});
