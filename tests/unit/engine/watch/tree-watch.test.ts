import { describe, expect, it } from 'vitest';
import { TreeWatch } from '../../../../src/engine/watch/tree-watch.ts';
import { encodeFrame } from '../../../../src/shared/frame-codec.ts';
import type { EntityInfo, SampleFrame } from '../../../../src/shared/sample.ts';
import { drawnEntity, drawnFrame } from '../../../support/drawn-frame.ts';

const root = drawnEntity({ key: 1, pid: 100, name: 'make' });
const child = drawnEntity({ key: 2, pid: 101, parentKey: 1, rootPid: 100, name: 'cc' });
const exited = drawnEntity({ key: 3, pid: 100, parentKey: 1, rootPid: 100, kind: 'exited-children' });

function columns(changes: Record<string, readonly number[]>): Partial<SampleFrame> {
  return Object.fromEntries(
    Object.entries(changes).map(([name, values]) => [name, Float64Array.from(values)]),
  );
}

/** Two frames 100 ms apart: the root waits, its child works. */
function watchTwoFrames(
  fromStart: boolean,
  entities: readonly EntityInfo[] = [root, child, exited],
): TreeWatch {
  const watch = new TreeWatch({ rootPid: 100, fromStart });
  watch.receive({ type: 'entities', appeared: entities, goneKeys: [] });
  const frames = [
    drawnFrame({
      sequence: 1,
      atMs: 1000,
      ...columns({
        coreBusy: [0.5, 0],
        keys: [1, 2, 3],
        cpuMs: [10, 50, 5],
        totalCpuMs: [65, 50, 5],
        totalCpuShare: [0.6, 0.6, 0],
        cpuShare: [0, 0.6, 0],
        waitShare: [0, 0.2, NaN],
        totalPssBytes: [3e6, 2e6, NaN],
        totalRssBytes: [9e6, 5e6, NaN],
        lastCore: [0, 1, NaN],
        detailKeys: [1, 2],
        voluntarySwitches: [40, 7],
        threadCount: [1, 3],
      }),
    }),
    drawnFrame({
      sequence: 2,
      atMs: 1100,
      ownCpuShare: 0.01,
      ownRssBytes: 5e7,
      ...columns({
        coreBusy: [0.5, 0],
        keys: [1, 2, 3],
        cpuMs: [10, 130, 5],
        totalCpuMs: [145, 130, 5],
        totalCpuShare: [0.8, 0.8, 0],
        cpuShare: [0, 0.8, 0],
        waitShare: [0, 0.1, NaN],
        totalPssBytes: [2.5e6, 2e6, NaN],
        totalRssBytes: [10e6, 5e6, NaN],
        lastCore: [0, 1, NaN],
        detailKeys: [1, 2],
        voluntarySwitches: [41, 17],
        threadCount: [1, 2],
      }),
    }),
  ];
  for (const frame of frames) watch.receive({ type: 'frame', buffer: encodeFrame(frame) });
  return watch;
}

describe('a watched tree', () => {
  it('counts a process that replaces its program once, and a later bearer of its number again', () => {
    const shell = drawnEntity({ ...child, name: 'sh', startedUnixMs: 5_000 });
    const execed = { ...shell, key: 4, name: 'sleep' };
    const later = { ...shell, key: 5, startedUnixMs: 9_000 };
    expect(watchTwoFrames(true, [root, shell, execed, later]).summary(1000, 1100).processes).toBe(3);
  });

  it('is summed up over the watch: CPU, memory, waits, switches, cores', () => {
    expect(watchTwoFrames(false).summary(1000, 1100)).toEqual({
      durationMs: 100,
      cpuSeconds: 0.08,
      effectiveCores: 0.08 / 0.1,
      peakPssBytes: 3e6,
      peakRssBytes: 10e6,
      waitSeconds: 0.01,
      voluntarySwitches: 11,
      involuntarySwitches: null,
      migrations: null,
      majorFaults: null,
      readBytes: null,
      writtenBytes: null,
      processes: 2,
      mostProcessesAtOnce: 2,
      mostThreadsAtOnce: 4,
      placement: [{ core: 1, cpuSeconds: 0.08 }],
      busiest: [
        { pid: 101, name: 'cc', commandLine: 'node', cpuSeconds: 0.08 },
        { pid: 100, name: 'make', commandLine: 'node', cpuSeconds: 0 },
      ],
      sampling: {
        requestedEveryMs: 100,
        achievedEveryMs: 100,
        missedTicks: 0,
        ownCpuShare: 0.01,
        ownRssBytes: 5e7,
      },
    });
  });

  it('that was watched from its start owns all that its counters counted', () => {
    const summary = watchTwoFrames(true).summary(1000, 1100);
    expect(summary).toMatchObject({ cpuSeconds: 0.145, voluntarySwitches: 58 });
    expect(summary.busiest.map(({ cpuSeconds }) => cpuSeconds)).toEqual([0.13, 0.01]);
  });

  it('takes the CPU time of a control group where there is one', () => {
    expect(watchTwoFrames(true).summary(1000, 2000, 0.25)).toMatchObject({
      cpuSeconds: 0.25,
      effectiveCores: 0.25,
    });
  });

  it('is shown parents first, with its depth, and what is unknown as NaN', () => {
    const rows = watchTwoFrames(false).view()?.rows ?? [];
    expect(
      rows.map(({ info, depth, totalCpuShare, waitShare }) => [info.key, depth, totalCpuShare, waitShare]),
    ).toEqual([
      [1, 0, 0.8, 0],
      [2, 1, 0.8, 0.1],
      [3, 1, 0, Number.NaN],
    ]);
  });

  it('shows threads only where there are several, and places work by them', () => {
    const thread = (key: number, tid: number): EntityInfo =>
      drawnEntity({ key, pid: 100, tid, parentKey: 1, rootPid: 100, kind: 'thread', name: `worker ${tid}` });
    const watch = new TreeWatch({ rootPid: 100, fromStart: false });
    watch.receive({ type: 'entities', appeared: [root, thread(5, 100), thread(6, 102)], goneKeys: [] });
    for (const atMs of [0, 100]) {
      const frame = drawnFrame({
        atMs,
        ...columns({ keys: [1, 5, 6], cpuShare: [1.5, 1, 0.5], lastCore: [NaN, 0, 1] }),
      });
      watch.receive({ type: 'frame', buffer: encodeFrame(frame) });
    }
    expect(watch.view()?.rows.map(({ info }) => info.key)).toEqual([1, 5, 6]);
    expect(watch.summary(0, 100).placement).toEqual([
      { core: 0, cpuSeconds: 0.1 },
      { core: 1, cpuSeconds: 0.05 },
    ]);
    watch.receive({ type: 'entities', appeared: [], goneKeys: [6] });
    expect(watch.view()?.rows.map(({ info }) => info.key)).toEqual([1]);
  });

  it('has ended when its root has gone, and not before', () => {
    const watch = watchTwoFrames(false);
    watch.receive({ type: 'entities', appeared: [], goneKeys: [2] });
    expect(watch.hasEnded).toBe(false);
    watch.receive({ type: 'entities', appeared: [], goneKeys: [1] });
    expect(watch.hasEnded).toBe(true);
  });

  it('does not count what belongs to others, and knows nothing before it was seen', () => {
    const other = drawnEntity({ key: 9, pid: 900 });
    const watch = watchTwoFrames(false, [other]);
    expect(watch.view()).toBeNull();
    expect(watch.summary(1000, 1100)).toMatchObject({ cpuSeconds: null, peakPssBytes: null, processes: 0 });
  });
});
