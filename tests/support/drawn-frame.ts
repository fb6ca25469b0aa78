import { createFrame } from '../../src/shared/frame-codec.ts';
import type { EntityInfo, SampleFrame } from '../../src/shared/sample.ts';

/**
 * A quiet frame with `changes`. Columns that are not given are as long as those of their group that are, and
 * unknown throughout.
 */
export function drawnFrame(changes: Partial<SampleFrame> = {}): SampleFrame {
  const { columns } = createFrame({
    cores: changes.coreBusy?.length ?? 0,
    rows: changes.keys?.length ?? 0,
    details: changes.detailKeys?.length ?? 0,
  });
  return {
    sequence: 1,
    atMs: 100,
    latenessMs: 0,
    missedTicks: 0,
    droppedFrames: 0,
    requestedEveryMs: 100,
    everyMs: 100,
    coreWindowMs: 200,
    coreErrorShare: 0.017,
    throttledShare: Number.NaN,
    ownCpuShare: 0,
    ownRssBytes: 0,
    ...columns,
    ...changes,
  };
}

/** A process of a run, root of its own tree, with `changes`. */
export function drawnEntity(changes: Partial<EntityInfo> & Pick<EntityInfo, 'key' | 'pid'>): EntityInfo {
  return {
    kind: 'process',
    tid: null,
    parentKey: null,
    rootPid: changes.pid,
    owner: 'run',
    name: 'node',
    commandLine: 'node',
    user: null,
    startedUnixMs: null,
    ...changes,
  };
}
