import { describe, expect, it } from 'vitest';
import { createSessionClock } from '../../../src/engine/clock.ts';

describe('the session clock', () => {
  it('turns readings of the monotonic clock into milliseconds since the session began', () => {
    const clock = createSessionClock({ originNs: 5_000_000_000n, startedUnixMs: 1_700_000_000_000 });
    expect(clock.fromNs(5_000_000_000n)).toBe(0);
    expect(clock.fromNs(5_001_500_000n)).toBe(1.5);
    expect(clock.fromNs(4_999_000_000n)).toBe(-1);
    expect(clock.startedUnixMs).toBe(1_700_000_000_000);
  });

  it('keeps microseconds on a machine that has been up for years', () => {
    const tenYearsNs = 315_360_000_000_000_001n;
    const clock = createSessionClock({ originNs: tenYearsNs, startedUnixMs: 0 });
    expect(clock.fromNs(tenYearsNs + 1_000n)).toBe(0.001);
  });

  it('begins at zero and never runs backwards', () => {
    const beforeNs = process.hrtime.bigint();
    const clock = createSessionClock();
    const first = clock.nowMs();
    const second = clock.nowMs();
    expect(clock.originNs).toBeGreaterThanOrEqual(beforeNs);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(second).toBeGreaterThanOrEqual(first);
  });

  it('tells the same time as another clock of the same origin', () => {
    const clock = createSessionClock();
    const joined = createSessionClock({ originNs: clock.originNs, startedUnixMs: clock.startedUnixMs });
    expect(joined.fromNs(clock.originNs + 7_000_000n)).toBe(clock.fromNs(clock.originNs + 7_000_000n));
  });
});
