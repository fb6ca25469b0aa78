import { describe, expect, it } from 'vitest';
import { TraceRecorder } from '../../../../src/engine/experiment/trace-recorder.ts';
import type { PlannedRun } from '../../../../src/shared/experiment-event.ts';
import { encodeFrame } from '../../../../src/shared/frame-codec.ts';
import { drawnEntity, drawnFrame } from '../../../support/drawn-frame.ts';
import type { EntityInfo, SampleFrame, SamplerMessage } from '../../../../src/shared/sample.ts';

const run: PlannedRun = { order: 1, block: 1, warmUp: false, strategy: 'processes', workers: 2 };
const hostPid = 100;

function entity(key: number, changes: Partial<EntityInfo> = {}): EntityInfo {
  return drawnEntity({
    key,
    pid: hostPid + key,
    rootPid: hostPid,
    commandLine: 'node run-host.js',
    ...changes,
  });
}

interface Row {
  readonly key: number;
  readonly cpu: number;
  readonly rss: number;
  readonly pss: number;
}

function frame(
  sequence: number,
  atMs: number,
  rows: readonly Row[],
  changes: Partial<SampleFrame> = {},
): SamplerMessage {
  return {
    type: 'frame',
    buffer: encodeFrame(
      drawnFrame({
        sequence,
        atMs,
        ownCpuShare: 0.02,
        ownRssBytes: 60e6,
        coreBusy: Float64Array.of(0.5, 1),
        keys: Float64Array.from(rows, ({ key }) => key),
        cpuShare: Float64Array.from(rows, ({ cpu }) => cpu),
        rssBytes: Float64Array.from(rows, ({ rss }) => rss),
        pssBytes: Float64Array.from(rows, ({ pss }) => pss),
        ...changes,
      }),
    ),
  };
}

/** A sampler whose messages are sent by hand. */
function scriptedSampler(): {
  subscribe: (listener: (message: SamplerMessage) => void) => () => void;
  send: (message: SamplerMessage) => void;
} {
  const listeners = new Set<(message: SamplerMessage) => void>();
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: (message) => {
      for (const listener of listeners) listener(message);
    },
  };
}

describe('recording a run', () => {
  it('has the CPU of children that have exited where the sampler tells the total of the tree', () => {
    const sampler = scriptedSampler();
    const recorder = new TraceRecorder(sampler);
    const trace = recorder.open(run, hostPid, 5);
    sampler.send({ type: 'entities', appeared: [entity(1, { pid: hostPid })], goneKeys: [] });
    const rows = [{ key: 1, cpu: 0.25, rss: 40, pss: 30 }];
    sampler.send(frame(1, 100, rows, { totalCpuShare: Float64Array.of(1.75) }));
    expect(trace.close(200).trace.cpuShare).toEqual([1.75]);
  });

  it("sums the processes of the run's own tree and leaves out threads, other trees and Corescope", () => {
    const sampler = scriptedSampler();
    const recorder = new TraceRecorder(sampler);
    const trace = recorder.open(run, hostPid, 5);
    sampler.send({
      type: 'entities',
      appeared: [
        entity(1),
        entity(2, { parentKey: 1 }),
        entity(3, { kind: 'thread', tid: 555, parentKey: 1 }),
        entity(4, { rootPid: 999 }),
        entity(5, { owner: 'corescope', rootPid: 1 }),
      ],
      goneKeys: [],
    });
    sampler.send(
      frame(1, 100, [
        { key: 1, cpu: 0.25, rss: 40, pss: 30 },
        { key: 2, cpu: 1, rss: 50, pss: 35 },
        { key: 3, cpu: 0.25, rss: Number.NaN, pss: Number.NaN },
        { key: 4, cpu: 9, rss: 900, pss: 900 },
        { key: 5, cpu: 9, rss: 900, pss: 900 },
      ]),
    );
    trace.workStarted(50);
    trace.workEnded(150);
    expect(trace.close(160).trace).toEqual({
      order: 1,
      block: 1,
      warmUp: false,
      strategy: 'processes',
      workers: 2,
      hostStartMs: 5,
      workStartMs: 50,
      workEndMs: 150,
      endMs: 160,
      coreCount: 2,
      sampleMs: [100],
      coreBusy: [Float64Array.of(0.5, 1)],
      rssBytes: [90],
      pssBytes: [65],
      cpuShare: [1.25],
    });
  });

  it('keeps the cores of a moment at which the tree was gone, but no memory', () => {
    const sampler = scriptedSampler();
    const recorder = new TraceRecorder(sampler);
    const trace = recorder.open(run, hostPid, 0);
    sampler.send(frame(1, 100, []));
    expect(trace.close(120).trace).toMatchObject({
      coreCount: 2,
      sampleMs: [100],
      coreBusy: [Float64Array.of(0.5, 1)],
      rssBytes: [Number.NaN],
      pssBytes: [Number.NaN],
    });
  });

  it('makes a sum unknown when one part of it is unknown', () => {
    const sampler = scriptedSampler();
    const recorder = new TraceRecorder(sampler);
    const trace = recorder.open(run, hostPid, 0);
    sampler.send({ type: 'entities', appeared: [entity(1), entity(2)], goneKeys: [] });
    sampler.send(
      frame(1, 100, [
        { key: 1, cpu: 0.5, rss: 40, pss: Number.NaN },
        { key: 2, cpu: 0.5, rss: 40, pss: 20 },
      ]),
    );
    expect(trace.close(120).trace).toMatchObject({ rssBytes: [80], pssBytes: [Number.NaN] });
  });

  it('hands on what every process had, for the peak', () => {
    const sampler = scriptedSampler();
    const recorder = new TraceRecorder(sampler);
    const trace = recorder.open(run, hostPid, 0);
    sampler.send({ type: 'entities', appeared: [entity(1), entity(2)], goneKeys: [] });
    sampler.send(
      frame(1, 100, [
        { key: 1, cpu: 0.5, rss: 40, pss: 15 },
        { key: 2, cpu: 0.5, rss: 40, pss: 20 },
      ]),
    );
    const { memory } = trace.close(120);
    expect(memory.result({ fromMs: 50, toMs: 110 })).toEqual({ rssBytes: 80, pssBytes: 35 });
    expect(memory.result({ fromMs: 101, toMs: 110 })).toEqual({ rssBytes: null, pssBytes: null });
  });

  it('waits for a frame that was taken after the run, however late it arrives', async () => {
    const sampler = scriptedSampler();
    const recorder = new TraceRecorder(sampler);
    const events: string[] = [];
    const waited = recorder.frameAfter(150, 60_000).then(() => events.push('resolved'));
    sampler.send(frame(1, 100, []));
    await Promise.resolve();
    events.push('frame of 100 ms seen');
    sampler.send(frame(2, 200, []));
    await waited;
    expect(events).toEqual(['frame of 100 ms seen', 'resolved']);
  });

  it('does not wait for ever for a sampler that has stalled', async () => {
    const recorder = new TraceRecorder(scriptedSampler());
    await expect(recorder.frameAfter(150, 1)).resolves.toBeUndefined();
  });
});

describe('what the sampler cost', () => {
  it('is unknown before two frames', () => {
    expect(new TraceRecorder(scriptedSampler()).summary()).toEqual({
      achievedEveryMs: null,
      missedTicks: 0,
      ownCpuShare: null,
      ownRssBytes: null,
    });
  });

  it('is the mean rate, the time-weighted CPU and the largest memory over all frames', () => {
    const sampler = scriptedSampler();
    const recorder = new TraceRecorder(sampler);
    sampler.send(frame(10, 1000, [], { missedTicks: 2, ownCpuShare: Number.NaN, ownRssBytes: 70e6 }));
    sampler.send(frame(11, 1100, [], { missedTicks: 2, ownCpuShare: 0.01, ownRssBytes: 80e6 }));
    sampler.send(frame(12, 1400, [], { missedTicks: 4, ownCpuShare: 0.05, ownRssBytes: 75e6 }));
    expect(recorder.summary()).toEqual({
      achievedEveryMs: 200,
      missedTicks: 2,
      ownCpuShare: (0.01 * 100 + 0.05 * 300) / 400,
      ownRssBytes: 80e6,
    });
  });
});
