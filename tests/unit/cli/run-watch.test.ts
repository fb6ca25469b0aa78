import { describe, expect, it } from 'vitest';
import { RunWatch } from '../../../src/cli/run-watch.ts';
import { encodeFrame } from '../../../src/shared/frame-codec.ts';
import { drawnFrame } from '../../support/drawn-frame.ts';
import type { EntityInfo, SamplerMessage } from '../../../src/shared/sample.ts';

const hostPid = 100;

function entity(key: number, rootPid: number, kind: 'process' | 'thread'): EntityInfo {
  return {
    key,
    kind,
    pid: rootPid,
    tid: kind === 'thread' ? rootPid + key : null,
    parentKey: null,
    rootPid,
    owner: 'run',
    name: 'host',
    commandLine: '',
    user: null,
    startedUnixMs: null,
  };
}

/** One row per entity: its key, resident size, proportional size. */
function frame(...rows: readonly (readonly [number, number, number])[]): SamplerMessage {
  return {
    type: 'frame',
    buffer: encodeFrame(
      drawnFrame({
        coreBusy: Float64Array.of(0.25, 1),
        keys: Float64Array.from(rows, ([key]) => key),
        cpuShare: Float64Array.from(rows, () => 1),
        rssBytes: Float64Array.from(rows, ([, rssBytes]) => rssBytes),
        pssBytes: Float64Array.from(rows, ([, , pssBytes]) => pssBytes),
      }),
    ),
  };
}

describe('RunWatch', () => {
  it('knows nothing before the first frame', () => {
    expect(new RunWatch().glance(hostPid)).toBeNull();
  });

  it('adds up the processes of the run and leaves out its threads and other trees', () => {
    const watch = new RunWatch();
    const appeared = [
      entity(1, hostPid, 'process'),
      entity(2, hostPid, 'process'),
      entity(3, hostPid, 'thread'),
      entity(4, 999, 'process'),
    ];
    watch.receive({ type: 'entities', appeared, goneKeys: [] });
    watch.receive(frame([1, 30, 20], [2, 30, 10], [3, Number.NaN, Number.NaN], [4, 500, 500]));
    expect(watch.glance(hostPid)).toEqual({
      coreBusy: Float64Array.of(0.25, 1),
      rssBytes: 60,
      pssBytes: 30,
      slowed: null,
    });
  });

  it('does not pretend to know a sum of which one part is unknown', () => {
    const watch = new RunWatch();
    const appeared = [entity(1, hostPid, 'process'), entity(2, hostPid, 'process')];
    watch.receive({ type: 'entities', appeared, goneKeys: [] });
    watch.receive(frame([1, 30, 20], [2, 30, Number.NaN]));
    expect(watch.glance(hostPid)).toMatchObject({ rssBytes: 60, pssBytes: Number.NaN });
  });

  it('has unknown memory, not none, while no process of the run was seen', () => {
    const watch = new RunWatch();
    watch.receive(frame());
    expect(watch.glance(hostPid)).toMatchObject({ rssBytes: Number.NaN, pssBytes: Number.NaN });
  });
});
