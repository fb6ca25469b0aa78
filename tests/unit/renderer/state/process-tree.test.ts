import { describe, expect, it } from 'vitest';
import { EntityDetails } from '../../../../src/renderer/state/entity-details.ts';
import {
  buildProcessTree,
  TreeGrower,
  type ProcessTree,
} from '../../../../src/renderer/state/process-tree.ts';
import { rowName } from '../../../../src/renderer/state/tree-columns.ts';
import { EntityTable, membersOf, takeCensus } from '../../../../src/renderer/state/tree-members.ts';
import type { WorkerInfo } from '../../../../src/shared/experiment-event.ts';
import { drawnEntities as entities, drawnRows as frameOf } from '../../../support/drawn-tree.ts';

const details = new EntityDetails();

function format({ shape, frame }: ProcessTree): string[] {
  return shape.nodes.map((node, place) => {
    const { pid, tid } = node.entity;
    const ids = tid === null ? `${pid}` : `${pid}/${tid}`;
    const indent = '  '.repeat(shape.depths[place] ?? 0);
    return `${indent}${node.workerName ?? '-'} ${rowName(node)} ${ids} ${frame?.cpuShare[node.row] ?? '?'}`;
  });
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
      details,
      frameOf(`
        3 0.9 50 25
        1 0.1 40 20
        2 1.0 50 25
        4 0.3 90 80
      `),
      'run',
      workers,
    );
    expect(format(tree)).toEqual(['- node 10 0.1', '  worker 1 node 11 1', '  worker 2 node 12 0.9']);
    expect(tree.totals).toEqual({ processes: 3, threads: 0, cpuShare: 2, rssBytes: 140, pssBytes: 70 });
  });

  it('counts threads, but neither their CPU nor their memory a second time', () => {
    const tree = buildProcessTree(
      entities(`
        1 process 10      - run python3
        2 thread  10/2001 1 run python3
        3 thread  10/2002 1 run python3
      `),
      details,
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
      '- python3 10 1',
      '  worker 1 thread python3 10/2001 0.5',
      '  worker 2 thread python3 10/2002 0.5',
    ]);
    expect(tree.totals).toEqual({ processes: 1, threads: 2, cpuShare: 1, rssBytes: 40, pssBytes: 30 });
  });

  it('names a serial run by its only worker, the host itself', () => {
    const tree = buildProcessTree(entities('1 process 10 - run node'), details, frameOf('1 1 40 30'), 'run', [
      { index: 0, name: 'worker 1', pid: 10, tid: 10, kind: 'main' },
    ]);
    expect(format(tree)).toEqual(['worker 1 node 10 1']);
  });

  it('drops rows that are in no frame any more and keeps their children at the top', () => {
    const tree = buildProcessTree(
      entities(`
        1 process 10 - run node
        2 process 11 1 run node
      `),
      details,
      frameOf('2 1 50 25'),
      'run',
      workers,
    );
    expect(format(tree)).toEqual(['worker 1 node 11 1']);
  });

  it('says unknown, not less, where a part of a sum is unknown, and where there is nothing', () => {
    const known = entities(`
      1 process 10 - run node
      2 process 11 1 run node
    `);
    const tree = buildProcessTree(known, details, frameOf('1 0.5 40 20\n2 ? 50 ?'), 'run', workers);
    expect(tree.totals).toEqual({
      processes: 2,
      threads: 0,
      cpuShare: Number.NaN,
      rssBytes: 90,
      pssBytes: Number.NaN,
    });
    expect(buildProcessTree(known, details, frameOf('1 0.5 40 20'), 'corescope', []).totals).toEqual({
      processes: 0,
      threads: 0,
      cpuShare: Number.NaN,
      rssBytes: Number.NaN,
      pssBytes: Number.NaN,
    });
  });

  it('puts what exited children used, and what nobody accounts for, last, and into the sum of CPU alone', () => {
    const tree = buildProcessTree(
      entities(`
        1 process 10 - run sh
        2 exited  10 1 run -
        3 lost    10 1 run -
        4 process 11 1 run cc
      `),
      details,
      frameOf(`
        1 0.25 40 20
        2 0.5  ?  ?
        3 0.25 ?  ?
        4 1    50 25
      `),
      'run',
      [],
    );
    expect(format(tree)).toEqual([
      '- sh 10 0.25',
      '  - cc 11 1',
      '  - exited children 10 0.5',
      '  - unattributed 10 0.25',
    ]);
    expect(tree.totals).toEqual({ processes: 2, threads: 0, cpuShare: 2, rssBytes: 90, pssBytes: 45 });
  });

  it('is counted without being built, to the same sums', () => {
    const known = entities(`
      1 process 10      - run node
      2 process 11      1 run node
      3 thread  10/2001 1 run node
      4 process 99      - corescope electron
    `);
    const frame = frameOf('2 1 50 25\n1 0.5 40 20\n3 0.5 ? ?\n4 0.3 90 80');
    const { totals, rowCount } = buildProcessTree(known, details, frame, 'run', []);
    expect(takeCensus(known, frame, 'run')).toEqual({ rootKey: 1, rowCount, totals });
  });

  it('is of those who are known now, though the rows are those of the frame before', () => {
    const known = new EntityTable(entities('1 process 10 - run node\n2 process 11 1 run node'));
    const rows = '1 0.5 40 20\n2 1 50 25';
    const nameOfSecond = (): string | undefined =>
      membersOf(known, frameOf(rows), 'run').members.find(({ row }) => row === 1)?.entity.name;
    expect(nameOfSecond()).toBe('node');
    for (const [key, entity] of entities('2 process 11 1 run python')) known.set(key, entity);
    expect(nameOfSecond()).toBe('python');
    known.delete(2);
    expect(nameOfSecond()).toBeUndefined();
  });
});

describe('a tree that grows from frame to frame', () => {
  const known = entities(`
    1 process 10 - run node
    2 process 11 1 run node
    3 process 12 1 run node
  `);

  it('keeps its nodes while the same rows are there, and shows the numbers of the new frame', () => {
    const grower = new TreeGrower('run');
    const first = grower.grow(known, details, frameOf('1 0.1 1 1\n2 0.2 1 1'), workers);
    const second = grower.grow(known, details, frameOf('1 0.3 1 1\n2 0.4 1 1'), workers);
    expect(second.shape).toBe(first.shape);
    expect(format(first)).toEqual(['- node 10 0.1', '  worker 1 node 11 0.2']);
    expect(format(second)).toEqual(['- node 10 0.3', '  worker 1 node 11 0.4']);
    expect(second.totals.cpuShare).toBeCloseTo(0.7);
  });

  it('is what a new tree would be when rows come, go or change their places', () => {
    const grower = new TreeGrower('run');
    for (const rows of ['1 1 1 1\n2 1 1 1', '1 1 1 1\n3 1 1 1', '3 1 1 1\n1 1 1 1\n2 1 1 1', '2 1 1 1']) {
      const grown = grower.grow(known, details, frameOf(rows), workers);
      expect(format(grown)).toEqual(format(buildProcessTree(known, details, frameOf(rows), 'run', workers)));
    }
  });

  it('sees that a process is another one since its exec, under the same key', () => {
    const told = new Map(known);
    const grower = new TreeGrower('run');
    grower.grow(told, details, frameOf('1 1 1 1\n2 1 1 1'), workers);
    for (const entity of entities('2 process 11 1 run python3').values()) told.set(entity.key, entity);
    const tree = grower.grow(told, details, frameOf('1 1 1 1\n2 1 1 1'), workers);
    expect(format(tree)).toEqual(['- node 10 1', '  worker 1 python3 11 1']);
  });

  it('knows of each row how many are below it, in a chain as deep as may be', () => {
    const chain = Array.from(
      { length: 20_000 },
      (_, index) => `${index + 1} process ${index + 1} ${index || '-'} run sh`,
    );
    const { shape } = buildProcessTree(
      entities(chain.join('\n')),
      details,
      frameOf(chain.map((_, index) => `${index + 1} 0 0 0`).join('\n')),
      'run',
      [],
    );
    expect([shape.depths.at(-1), shape.sizes[0], shape.sizes.at(-1)]).toEqual([19_999, 20_000, 1]);
  });

  it('takes in what any frame since the last tree told of a row in detail', () => {
    const grower = new TreeGrower('run');
    const told = new EntityDetails();
    grower.grow(known, told, frameOf('1 1 1 1'), workers);
    const withDetail = {
      ...frameOf('1 1 1 1'),
      detailKeys: Float64Array.of(1),
      threadCount: Float64Array.of(7),
    };
    told.receive(withDetail);
    const newest = frameOf('1 1 1 1');
    const tree = grower.grow(known, told, newest, workers, [withDetail, newest]);
    expect(tree.shape.nodes[0]?.detail?.values.threadCount).toBe(7);
  });
});
