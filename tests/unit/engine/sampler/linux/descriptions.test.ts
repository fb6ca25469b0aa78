import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSessionClock } from '../../../../../src/engine/clock.ts';
import { parseStat } from '../../../../../src/engine/sampler/linux-proc.ts';
import { createDescriptions } from '../../../../../src/engine/sampler/linux/descriptions.ts';

describe.runIf(process.platform === 'linux')('the start of a process', () => {
  const ownStartMs = 10 * (parseStat(readFileSync('/proc/self/stat', 'utf8'))?.startTicks ?? Number.NaN);

  it('is on the wall clock of the beginning, however that is set meanwhile', () => {
    const clocks = { unixMs: 1_800_000_000_000, uptimeMs: ownStartMs + 60_000 };
    const { describe: describeProcess } = createDescriptions(undefined, {
      nowUnixMs: () => clocks.unixMs,
      uptimeMs: () => clocks.uptimeMs,
    });
    const startedUnixMs = (): number | null | undefined => describeProcess(process.pid)?.startedUnixMs;
    expect(startedUnixMs()).toBe(1_800_000_000_000 - 60_000);
    for (const stepMs of [-3_600_000, 7_200_000]) {
      clocks.unixMs += stepMs;
      clocks.uptimeMs += 1000;
      expect(startedUnixMs()).toBe(1_800_000_000_000 - 60_000);
    }
  });

  it('is not known in a container that shows an uptime of its own beside the starts of its host', () => {
    const { describe: describeProcess } = createDescriptions(undefined, {
      nowUnixMs: () => 1_800_000_000_000,
      uptimeMs: () => ownStartMs - 2000,
    });
    expect(describeProcess(process.pid)).toMatchObject({ startedUnixMs: null });
  });
});

describe('the clock of a session', () => {
  it('runs on while the wall clock is set back', () => {
    const realNow = Date.now;
    const clock = createSessionClock();
    const beforeMs = clock.nowMs();
    try {
      Date.now = () => realNow() - 3_600_000;
      const joined = createSessionClock({ originNs: clock.originNs, startedUnixMs: clock.startedUnixMs });
      const afterMs = clock.nowMs();
      expect(afterMs).toBeGreaterThanOrEqual(beforeMs);
      expect(joined.nowMs()).toBeGreaterThanOrEqual(afterMs);
      expect(joined.nowMs() - beforeMs).toBeLessThan(60_000);
      expect(joined.startedUnixMs).toBe(clock.startedUnixMs);
    } finally {
      Date.now = realNow;
    }
  });
});
