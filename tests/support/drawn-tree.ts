import type { EntityInfo, EntityKind, SampleFrame } from '../../src/shared/sample.ts';
import { drawnEntity, drawnFrame } from './drawn-frame.ts';

const kinds: Readonly<Record<string, EntityKind>> = {
  process: 'process',
  thread: 'thread',
  exited: 'exited-children',
  lost: 'unattributed',
};

/** `key kind pid[/tid] parent owner name`, one entity a line; `-` is no parent. */
export function drawnEntities(drawing: string): Map<number, EntityInfo> {
  const result = new Map<number, EntityInfo>();
  for (const line of drawing.trim().split('\n')) {
    const [key = '', kind = '', ids = '', parent = '', owner = '', name = ''] = line.trim().split(/\s+/);
    const [pid = '', tid] = ids.split('/');
    const entity = drawnEntity({
      key: Number(key),
      kind: kinds[kind] ?? 'process',
      pid: Number(pid),
      tid: tid === undefined ? null : Number(tid),
      parentKey: parent === '-' ? null : Number(parent),
      rootPid: 10,
      owner: owner === 'corescope' ? 'corescope' : 'run',
      name,
      commandLine: `/usr/bin/${name}`,
    });
    result.set(entity.key, entity);
  }
  return result;
}

/** `key cpu rss pss`, one row a line; `?` is unknown. */
export function drawnRows(drawing: string, changes: Partial<SampleFrame> = {}): SampleFrame {
  const rows = drawing
    .trim()
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split(/\s+/)
        .map((text) => (text === '?' ? Number.NaN : Number(text))),
    );
  const column = (index: number): Float64Array => Float64Array.from(rows, (row) => row[index] ?? Number.NaN);
  return drawnFrame({
    atMs: 0,
    keys: column(0),
    cpuShare: column(1),
    rssBytes: column(2),
    pssBytes: column(3),
    ...changes,
  });
}
