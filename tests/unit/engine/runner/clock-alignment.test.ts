import { describe, expect, it } from 'vitest';
import { createSessionClock } from '../../../../src/engine/clock.ts';
import { alignClock } from '../../../../src/engine/runner/clock-alignment.ts';

const clock = createSessionClock({ originNs: 1_000_000_000n, startedUnixMs: 0 });

/** A host is spawned at 2 ms and its first event received at 6 ms of the session. */
function firstEventAt(hostNs: bigint): number {
  return alignClock(clock, 1_002_000_000n, hostNs, 1_006_000_000n).toSession(hostNs);
}

describe('the clock of a host', () => {
  it('is believed when its first reading lies between spawn and receipt', () => {
    expect(firstEventAt(1_002_000_000n)).toBe(2);
    expect(firstEventAt(1_005_500_000n)).toBe(5.5);
    expect(firstEventAt(1_006_000_000n)).toBe(6);
  });

  it('is shifted to the middle between spawn and receipt when its first reading lies outside', () => {
    expect(firstEventAt(1_001_999_999n)).toBe(4);
    expect(firstEventAt(1_006_000_001n)).toBe(4);
    expect(firstEventAt(7n)).toBe(4);
  });

  it('keeps the distances between later readings', () => {
    const aligned = alignClock(clock, 1_002_000_000n, 500n, 1_006_000_000n);
    expect(aligned.toSession(500n + 3_000_000n)).toBe(7);
  });
});
