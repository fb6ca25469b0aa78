import { describe, expect, it } from 'vitest';
import { LiveState } from '../../../../src/renderer/state/live.svelte.ts';
import { encodeFrame } from '../../../../src/shared/frame-codec.ts';
import { drawnFrame } from '../../../support/drawn-frame.ts';
import type { EntityInfo } from '../../../../src/shared/sample.ts';

function entity(key: number, parentKey: number | null): EntityInfo {
  return {
    key,
    kind: 'process',
    pid: 100 + key,
    tid: null,
    parentKey,
    rootPid: 101,
    owner: 'run',
    name: 'node',
    commandLine: 'node',
    user: null,
    startedUnixMs: null,
  };
}

/** A frame in which the processes `keys` are alive, each with 10 bytes of PSS and 20 of RSS. */
function frame(sequence: number, atMs: number, keys: readonly number[], droppedFrames = 0): ArrayBuffer {
  return encodeFrame(
    drawnFrame({
      sequence,
      atMs,
      droppedFrames,
      coreBusy: Float64Array.of(0, 1),
      keys: Float64Array.from(keys),
      cpuShare: Float64Array.from(keys, () => 1),
      rssBytes: Float64Array.from(keys, () => 20),
      pssBytes: Float64Array.from(keys, () => 10),
    }),
  );
}

function pidsOf({ runTree }: LiveState): number[] {
  return runTree.shape.nodes.map(({ entity }) => entity.pid);
}

describe('what the screen knows of the samples', () => {
  it('shows the newest tree', () => {
    const live = new LiveState();
    live.receiveEntities({ type: 'entities', appeared: [entity(1, null), entity(2, 1)], goneKeys: [] });
    live.receiveFrames([frame(1, 100, [1]), frame(2, 200, [1, 2])], []);
    expect(live.runTreeIsCurrent).toBe(true);
    expect(pidsOf(live)).toEqual([101, 102]);
  });

  it('knows the time of day of a sample by the frame that travelled fastest, and follows a clock that is set', () => {
    const live = new LiveState();
    const startedAt: number[] = [];
    for (const [index, [atMs, nowUnixMs]] of (
      [
        [1_000, 501_900],
        [2_000, 502_040],
        [3_000, 504_000],
        [4_000, 9_504_000],
        [5_000, 505_000],
      ] as const
    ).entries()) {
      live.receiveFrames([frame(index + 1, atMs, [])], [], nowUnixMs);
      startedAt.push(live.startedUnixMs);
    }
    expect(startedAt).toEqual([500_900, 500_040, 500_040, 9_500_000, 500_000]);
  });

  it('still knows a process that ended before the batch with its last frames came', () => {
    const live = new LiveState();
    live.receiveEntities({ type: 'entities', appeared: [entity(1, null)], goneKeys: [] });
    live.receiveEntities({ type: 'entities', appeared: [], goneKeys: [1] });
    live.receiveFrames([frame(1, 100, [1]), frame(2, 200, [])], []);
    expect(pidsOf(live)).toEqual([101]);
    live.receiveFrames([frame(3, 300, [1])], []);
    expect(live.runTreeIsCurrent).toBe(false);
    expect(live.runTreeSeenMs).toBe(100);
  });

  it('shows the workers that are left while a run is on, and all of them once it has ended', () => {
    const live = new LiveState();
    live.receiveEntities({ type: 'entities', appeared: [entity(1, null), entity(2, 1)], goneKeys: [] });
    live.receiveFrames([frame(1, 100, [1, 2]), frame(2, 200, [1])], []);
    expect(pidsOf(live)).toEqual([101]);
    live.receiveFrames([frame(3, 300, [])], []);
    expect(live.runTreeIsCurrent).toBe(false);
    expect(pidsOf(live)).toEqual([101, 102]);
  });

  it('lets go of what is not looked at any more: all but the newest frame and the fullest tree', () => {
    const live = new LiveState();
    live.receiveEntities({ type: 'entities', appeared: [entity(1, null), entity(2, 1)], goneKeys: [] });
    const all = [
      frame(1, 100, [1]),
      frame(2, 200, [1, 2]),
      frame(3, 300, [1]),
      frame(4, 400, []),
      frame(5, 500, [1, 2]),
    ];
    const letGo = (from: number, to: number): number[] =>
      live.receiveFrames(all.slice(from, to), []).map((buffer) => all.indexOf(buffer) + 1);
    expect(letGo(0, 3)).toEqual([1]);
    expect(letGo(3, 4)).toEqual([3]);
    expect(live.runTree.frame?.sequence).toBe(2);
    expect(letGo(4, 5)).toEqual([2, 4]);
    expect(live.runTree.frame?.sequence).toBe(5);
    expect(live.receiveFrames([], [])).toEqual([]);
  });

  it('forgets the fullest tree of a run when the next one begins', () => {
    const live = new LiveState();
    const appeared = [entity(1, null), entity(2, 1), entity(3, null)];
    live.receiveEntities({ type: 'entities', appeared, goneKeys: [] });
    live.receiveFrames([frame(1, 100, [1, 2]), frame(2, 200, [3]), frame(3, 300, [])], []);
    expect(pidsOf(live)).toEqual([103]);
  });

  it("tells the sampler's own cost over the same seconds, not that of one tick", () => {
    const live = new LiveState();
    const cost = (sequence: number, atMs: number, ownCpuShare: number): ArrayBuffer =>
      encodeFrame(drawnFrame({ sequence, atMs, ownCpuShare }));
    live.receiveFrames([cost(1, 0, Number.NaN), cost(2, 1000, 0.02)], []);
    expect(live.ownCpuShare).toBeNaN();
    live.receiveFrames([cost(3, 2000, 0), cost(4, 3000, 0.01)], []);
    expect(live.ownCpuShare).toBe(0.01);
  });

  it('adds up what was dropped and measures the rate over at least two seconds', () => {
    const live = new LiveState();
    live.receiveFrames([frame(1, 1000, [], 2), frame(2, 1100, [], 3)], []);
    expect(live.droppedFrames).toBe(5);
    live.receiveFrames([frame(11, 2000, [])], []);
    expect(live.achievedHz).toBeNull();
    live.receiveFrames([frame(20, 3100, [])], []);
    expect(live.achievedHz).toBe(9);
  });
});
