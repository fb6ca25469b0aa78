import { describe, expect, it } from 'vitest';
import { runBlockingLoop, type TickSource } from '../../../../src/engine/sampler/loop.ts';

interface Taken {
  readonly ticks: TickSource;
  readonly seen: string[];
}

/** Ticks 100 ms apart that note deadline and missed ones; `onTick` is called with how many there were. */
function noteTicks(onTick: (count: number) => void, everyMs: () => number = () => 100): Taken {
  const seen: string[] = [];
  const ticks: TickSource = {
    take({ atMs, missedTicks }) {
      seen.push(`${atMs}(${missedTicks})`);
      onTick(seen.length);
      return null;
    },
    everyMs,
  };
  return { ticks, seen };
}

function createBell(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

describe('the blocking loop', () => {
  it('takes ticks at its deadlines until it is told to end', () => {
    let nowMs = 1000;
    const bell = createBell();
    const { ticks, seen } = noteTicks((count) => {
      nowMs += count === 2 ? 350 : 100;
      if (count === 4) Atomics.add(bell, 0, 1);
    });
    runBlockingLoop(ticks, () => nowMs, { bell, obeyAll: () => seen.length < 4 });
    expect(seen.join(' ')).toBe('1000(0) 1100(0) 1400(2) 1500(2)');
  });

  it('takes none where it is told to end before the first', () => {
    const { ticks, seen } = noteTicks(() => undefined);
    runBlockingLoop(ticks, () => 0, { bell: createBell(), obeyAll: () => false });
    expect(seen).toEqual([]);
  });

  it('asks for commands only when the bell was rung, and not between', () => {
    let nowMs = 0;
    let asked = 0;
    const bell = createBell();
    const { ticks, seen } = noteTicks((count) => {
      nowMs += 100;
      if (count === 3 || count === 5) Atomics.add(bell, 0, 1);
    });
    runBlockingLoop(ticks, () => nowMs, {
      bell,
      obeyAll() {
        asked += 1;
        return asked < 3;
      },
    });
    expect([asked, seen.length]).toEqual([3, 5]);
  });

  it('follows a change of pace from the next deadline on', () => {
    let nowMs = 0;
    let everyMs = 100;
    const bell = createBell();
    const { ticks, seen } = noteTicks(
      (count) => {
        everyMs = count >= 2 ? 200 : 100;
        nowMs += everyMs;
        if (count === 4) Atomics.add(bell, 0, 1);
      },
      () => everyMs,
    );
    runBlockingLoop(ticks, () => nowMs, { bell, obeyAll: () => seen.length < 4 });
    expect(seen.join(' ')).toBe('0(0) 100(0) 300(0) 500(0)');
  });

  it('refuses a reader that answers later', () => {
    const ticks: TickSource = { take: () => Promise.resolve(), everyMs: () => 100 };
    expect(() => {
      runBlockingLoop(ticks, () => 0, { bell: createBell(), obeyAll: () => true });
    }).toThrow('answers later');
  });
});
