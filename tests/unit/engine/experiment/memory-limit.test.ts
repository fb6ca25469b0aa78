import { describe, expect, it } from 'vitest';
import { watchMemory } from '../../../../src/engine/experiment/memory-limit.ts';
import { encodeFrame } from '../../../../src/shared/frame-codec.ts';
import type { Problem } from '../../../../src/shared/result.ts';
import type { EntityInfo, SamplerMessage } from '../../../../src/shared/sample.ts';
import { drawnEntity, drawnFrame } from '../../../support/drawn-frame.ts';

const megabyte = 1_000_000;

function entity(key: number, changes: Partial<EntityInfo> = {}): EntityInfo {
  return drawnEntity({ key, pid: 100 + key, rootPid: 50, ...changes });
}

/** A frame at `atMs` with a row `key: [rss, pss]` in megabytes for each process. */
function frame(atMs: number, rows: Readonly<Record<number, readonly [number, number]>>): SamplerMessage {
  const keys = Object.keys(rows).map(Number);
  const column = (index: 0 | 1): Float64Array =>
    Float64Array.from(keys, (key) => (rows[key]?.[index] ?? Number.NaN) * megabyte);
  const whole = drawnFrame({
    atMs,
    keys: Float64Array.from(keys),
    cpuShare: new Float64Array(keys.length),
    rssBytes: column(0),
    pssBytes: column(1),
  });
  return { type: 'frame', buffer: encodeFrame(whole) };
}

/** Watches the run of host 50, whose processes have the keys 1 and 2, on a machine with 1000 MB available. */
function watch(limitMegabytes: number | null = 500) {
  const machine = { availableBytes: 1_000 * megabyte };
  const problems: Problem[] = [];
  let tell: (message: SamplerMessage) => void = () => undefined;
  let isSubscribed = false;
  const memory = watchMemory({
    sampler: {
      subscribe(listener) {
        tell = listener;
        isSubscribed = true;
        return () => {
          isSubscribed = false;
        };
      },
    },
    hostPid: 50,
    limitBytes: limitMegabytes === null ? null : limitMegabytes * megabyte,
    readAvailable: () => machine.availableBytes,
    onExceeded: (problem) => problems.push(problem),
  });
  tell({
    type: 'entities',
    appeared: [entity(1), entity(2), entity(3, { rootPid: 60 }), entity(4, { kind: 'thread', tid: 101 })],
    goneKeys: [],
  });
  return {
    memory,
    machine,
    problems,
    tell: (message: SamplerMessage) => tell(message),
    isSubscribed: () => isSubscribed,
  };
}

const unknown = Number.NaN;

describe('the memory limit of a run', () => {
  it('ends a run whose processes together have more, and says how much it was', () => {
    const { tell, problems } = watch();
    tell(frame(0, { 1: [600, 300], 2: [600, 200] }));
    expect(problems).toEqual([]);
    tell(frame(100, { 1: [600, 300], 2: [600, 201] }));
    expect(problems).toEqual([
      {
        kind: 'memory-limit',
        message: 'The run was ended because it had 501 MB of memory; the limit was 500 MB.',
        advice: 'Allow more (--memory-limit), or give the work fewer workers or less data.',
      },
    ]);
  });

  it('is told of once', () => {
    const { tell, problems } = watch();
    tell(frame(0, { 1: [900, 900] }));
    tell(frame(100, { 1: [900, 900] }));
    expect(problems).toHaveLength(1);
  });

  it('leaves out the processes of others, and threads, whose memory is their process’s', () => {
    const { tell, problems } = watch();
    tell(frame(0, { 1: [400, 400], 3: [900, 900], 4: [400, 400] }));
    expect(problems).toEqual([]);
  });

  it('waits a second for the share of a forked worker, which at first seems to have all of its parent’s', () => {
    const { tell, problems } = watch();
    tell(frame(0, { 1: [400, 400], 2: [400, unknown] }));
    tell(frame(900, { 1: [400, 400], 2: [400, unknown] }));
    tell(frame(1_000, { 1: [400, 200], 2: [400, 200] }));
    tell(frame(1_100, { 1: [400, 200], 2: [400, unknown] }));
    tell(frame(2_000, { 1: [400, 200], 2: [400, unknown] }));
    expect(problems).toEqual([]);
  });

  it('takes resident memory for it where the share is never known', () => {
    const { tell, problems } = watch();
    for (const atMs of [0, 500, 999]) tell(frame(atMs, { 1: [501, unknown] }));
    expect(problems).toEqual([]);
    tell(frame(1_000, { 1: [501, unknown] }));
    expect(problems).toHaveLength(1);
  });

  it('waits for nothing when the machine is about to swap', () => {
    const { tell, problems, machine } = watch();
    machine.availableBytes = 50 * megabyte;
    // The share was read some time ago; what is resident says that it has grown since.
    tell(frame(0, { 1: [700, 300] }));
    expect(problems[0]?.message).toBe(
      'The run was ended because it had 700 MB of memory; the limit was 500 MB.',
    );
  });

  it('ends no small run because others have filled the machine', () => {
    const { tell, problems, machine } = watch();
    machine.availableBytes = 0;
    tell(frame(0, { 1: [100, 100], 2: [unknown, unknown] }));
    expect(problems).toEqual([]);
  });

  it('leaves a tenth of what was available at the start where none was set', () => {
    const { tell, problems } = watch(null);
    tell(frame(0, { 1: [900, 900] }));
    expect(problems).toEqual([]);
    tell(frame(100, { 1: [910, 910] }));
    expect(problems[0]?.message).toBe(
      'The run was ended before the machine had to swap: it had 910 MB of memory, and 900 MB is 90 % of what was available when it started.',
    );
  });

  it('is no longer watched when the run is over', () => {
    const { memory, isSubscribed } = watch();
    expect(isSubscribed()).toBe(true);
    memory.close();
    expect(isSubscribed()).toBe(false);
  });
});
