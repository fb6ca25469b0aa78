import { describe, expect, it } from 'vitest';
import { buildProcessTree, type ProcessTree } from '../../../../src/renderer/state/process-tree.ts';
import type { WorkerInfo } from '../../../../src/shared/experiment-event.ts';
import type { EntityInfo, SampleFrame } from '../../../../src/shared/sample.ts';
import { drawnFrame } from '../../../support/drawn-frame.ts';

/** `key kind pid[/tid] parent owner name`, one entity a line; `-` is no parent. */
function entities(drawing: string): Map<number, EntityInfo> {
  const result = new Map<number, EntityInfo>();
  for (const line of drawing.trim().split('\n')) {
    const [key = '', kind = '', ids = '', parent = '', owner = '', name = ''] = line.trim().split(/\s+/);
    const [pid = '', tid] = ids.split('/');
    result.set(Number(key), {
      key: Number(key),
      kind: kind === 'thread' ? 'thread' : 'process',
      pid: Number(pid),
      tid: tid === undefined ? null : Number(tid),
      parentKey: parent === '-' ? null : Number(parent),
      rootPid: 10,
      owner: owner === 'corescope' ? 'corescope' : 'run',
      name,
      commandLine: `/usr/bin/${name}`,
      user: null,
      startedUnixMs: null,
    });
  }
  return result;
}

/** `key cpu rss pss`, one row a line; `?` is unknown. */
function frameOf(drawing: string): SampleFrame {
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
  });
}

function format({ rows }: ProcessTree): string[] {
  return rows.map(
    ({ depth, kind, label, workerName, pid, tid, cpuShare }) =>
      `${'  '.repeat(depth)}${workerName ?? '-'} ${kind} ${label} ${pid}${tid === null ? '' : `/${tid}`} ${cpuShare}`,
  );
}

const workers: WorkerInfo[] = [
  { index: 0, name: 'worker 1', pid: 11, tid: 11, kind: 'process' },
  { index: 1, name: 'worker 2', pid: 12, tid: 12, kind: 'process' },
];

describe('the process tree', () => {
  it('puts workers under their host and names them', () => {
    const tree = buildProcessTree(
      entities(`
        1 process 10 - run       node
        2 process 11 1 run       node
        3 process 12 1 run       node
        4 process 99 - corescope electron
      `),
      frameOf(`
        3 0.9 50 25
        1 0.1 40 20
        2 1.0 50 25
        4 0.3 90 80
      `),
      'run',
      workers,
    );
    expect(format(tree)).toEqual([
      '- process node 10 0.1',
      '  worker 1 process node 11 1',
      '  worker 2 process node 12 0.9',
    ]);
    expect(tree.totals).toEqual({ processes: 3, threads: 0, cpuShare: 2, rssBytes: 140, pssBytes: 70 });
  });

  it('counts threads, but neither their CPU nor their memory a second time', () => {
    const tree = buildProcessTree(
      entities(`
        1 process 10      - run python3
        2 thread  10/2001 1 run python3
        3 thread  10/2002 1 run python3
      `),
      frameOf(`
        1 1.0 40 30
        2 0.5 ?  ?
        3 0.5 ?  ?
      `),
      'run',
      [
        { index: 0, name: 'worker 1', pid: 10, tid: 2001, kind: 'thread' },
        { index: 1, name: 'worker 2', pid: 10, tid: 2002, kind: 'thread' },
      ],
    );
    expect(format(tree)).toEqual([
      '- process python3 10 1',
      '  worker 1 thread python3 10/2001 0.5',
      '  worker 2 thread python3 10/2002 0.5',
    ]);
    expect(tree.totals).toEqual({ processes: 1, threads: 2, cpuShare: 1, rssBytes: 40, pssBytes: 30 });
  });

  it('names a serial run by its only worker, the host itself', () => {
    const tree = buildProcessTree(entities('1 process 10 - run node'), frameOf('1 1 40 30'), 'run', [
      { index: 0, name: 'worker 1', pid: 10, tid: 10, kind: 'main' },
    ]);
    expect(format(tree)).toEqual(['worker 1 process node 10 1']);
  });

  it('drops rows that are in no frame any more and keeps their children at the top', () => {
    const tree = buildProcessTree(
      entities(`
        1 process 10 - run node
        2 process 11 1 run node
      `),
      frameOf('2 1 50 25'),
      'run',
      workers,
    );
    expect(format(tree)).toEqual(['worker 1 process node 11 1']);
  });

  it('says unknown, not less, where a part of a sum is unknown, and where there is nothing', () => {
    const known = entities(`
      1 process 10 - run node
      2 process 11 1 run node
    `);
    const tree = buildProcessTree(known, frameOf('1 0.5 40 20\n2 ? 50 ?'), 'run', workers);
    expect(tree.totals).toEqual({
      processes: 2,
      threads: 0,
      cpuShare: Number.NaN,
      rssBytes: 90,
      pssBytes: Number.NaN,
    });
    expect(buildProcessTree(known, frameOf('1 0.5 40 20'), 'corescope', []).totals).toEqual({
      processes: 0,
      threads: 0,
      cpuShare: Number.NaN,
      rssBytes: Number.NaN,
      pssBytes: Number.NaN,
    });
  });
});
