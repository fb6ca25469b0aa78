import { describe, expect, it } from 'vitest';
import { warmUp } from '../../../../src/engine/sampler/warm-up.ts';

/** What each of the dry run's samplers was told, and its ticks; each round of ticks takes `roundTakesMs`. */
function runDry(roundTakesMs: number): { readonly told: string[]; readonly ticks: number[][] } {
  const told: string[] = [];
  const ticks: number[][] = [];
  let realMs = 0;
  warmUp(
    (nowMs) => {
      const name = ticks.length;
      const times: number[] = [];
      ticks.push(times);
      return {
        hold: (holdMs) => void told.push(`${name} holds ${holdMs} ms`),
        watch: ({ pid, owner }) =>
          void told.push(`${name} watches ${pid === process.pid ? 'itself' : pid} as ${owner}`),
        take({ atMs, missedTicks }) {
          if (missedTicks === 0 && atMs === nowMs()) times.push(atMs);
          return null;
        },
        close: () => void told.push(`${name} closes`),
      };
    },
    () => (realMs += roundTakesMs),
  );
  return { told, ticks };
}

describe('The dry run', () => {
  it('is of three samplers that watch this process and are closed at the end', () => {
    const { told, ticks } = runDry(0.1);

    expect(told.slice(0, 2)).toEqual(['0 holds 1000 ms', '0 watches itself as corescope']);
    expect(told.slice(-3)).toEqual(['0 closes', '1 closes', '2 closes']);
    expect(told).toHaveLength(9);
    expect(ticks.map((times) => times.length)).toEqual([500, 489, 471]);
  });

  it('is on a clock that runs ahead, of no whole milliseconds', () => {
    const [first = []] = runDry(0.1).ticks;

    expect(first.slice(0, 2)).toEqual([1_000_100.123457, 1_000_200.123457]);
    expect(first.at(-1)).toBe(1_050_000.123457);
  });

  it('ends after 150 ms, however slow the machine is', () => {
    expect(runDry(50).ticks.map((times) => times.length)).toEqual([2]);
  });
});
