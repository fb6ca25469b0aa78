import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coreLimitsText,
  coreRows,
  namesOfGroup,
  rowGroups,
  usableCoresText,
} from '../../../../src/renderer/charts/core-rows.ts';
import type { LogicalCore } from '../../../../src/shared/topology.ts';
import { drawnCore, drawnTopology } from '../../../support/drawn-topology.ts';

/** The rows from the top, as text: `-` is a gap to a sibling, `=` to another core, `#` to another group. */
function picture(cores: readonly LogicalCore[]): string[] {
  const marks = { sibling: '-', core: '=', group: '#' } as const;
  return coreRows(drawnTopology(cores), cores.length).map(
    ({ gap, label, group, usable }) =>
      `${marks[gap]} ${label}${group === null ? '' : ` in ${group}`}${usable ? '' : ', veiled'}`,
  );
}

describe('the rows of cores', () => {
  it('stand as the system numbers them where nothing more is known', () => {
    expect(coreRows(null, 3).map(({ core, gap, label }) => [core, gap, label])).toEqual([
      [0, 'sibling', 'core 0'],
      [1, 'sibling', 'core 1'],
      [2, 'sibling', 'core 2'],
    ]);
  });

  it('put siblings together that the system numbers apart', () => {
    const cores = [0, 1, 2, 3].map((index) => drawnCore({ index, socket: 0, physicalCore: index % 2 }));
    expect(picture(cores)).toEqual(['- core 0', '- core 2', '= core 1', '- core 3']);
    expect(coreRows(drawnTopology(cores), 4)[0]?.facts).toEqual([['Same physical core', 'core 2']]);
  });

  it('group by socket, and by NUMA node only where a socket has several', () => {
    const twoSockets = [0, 1, 2, 3].map((index) =>
      drawnCore({ index, socket: index % 2, numaNode: index % 2, physicalCore: index }),
    );
    expect(picture(twoSockets)).toEqual([
      '- core 0 in socket 0',
      '- core 2 in socket 0',
      '# core 1 in socket 1',
      '- core 3 in socket 1',
    ]);
    const twoNodes = [0, 1].map((index) => drawnCore({ index, socket: 0, numaNode: index }));
    expect(picture(twoNodes)).toEqual(['- core 0 in NUMA 0', '# core 1 in NUMA 1']);
  });

  it('have groups whose names can be said in less room', () => {
    expect(namesOfGroup('socket 1 NUMA 12')).toEqual(['socket 1 NUMA 12', 'NUMA 12', 'N12']);
    expect(namesOfGroup('socket 1')).toEqual(['socket 1', 'socket 1', 'S1']);
    expect(namesOfGroup('efficiency')).toEqual(['efficiency', 'E']);
    expect(namesOfGroup('socket 0 P')).toEqual(['socket 0 P', 'P']);
  });

  it('mark performance and efficiency cores, performance first', () => {
    const cores = [
      drawnCore({ index: 0, kind: 'efficiency', physicalCore: 9 }),
      drawnCore({ index: 1, kind: 'performance', physicalCore: 0 }),
      drawnCore({ index: 2, kind: 'performance', physicalCore: 0 }),
    ];
    expect(picture(cores)).toEqual([
      '- P core 1 in performance',
      '- P core 2 in performance',
      '# E core 0 in efficiency',
    ]);
  });

  it('keep the cores that are offline or not usable, and say so', () => {
    const cores = [
      drawnCore({ index: 0, usable: false }),
      drawnCore({ index: 1, online: false, usable: false }),
    ];
    expect(picture(cores)).toEqual(['- core 0, veiled', '- off 1, veiled']);
    expect(coreRows(drawnTopology(cores), 2).map(({ facts }) => facts)).toEqual([
      [['For the work', 'not usable']],
      [['State', 'offline']],
    ]);
  });

  it('show each core of the frames once, whatever the topology says', () => {
    const anyCore = fc.record({
      socket: fc.option(fc.nat(2)),
      numaNode: fc.option(fc.nat(2)),
      physicalCore: fc.option(fc.nat(5)),
      kind: fc.constantFrom('performance', 'efficiency', null),
      usable: fc.boolean(),
      online: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyCore, { maxLength: 12 }), fc.integer({ min: 1, max: 12 }), (parts, count) => {
        const topology = drawnTopology(parts.map((part, index) => drawnCore({ index, ...part })));
        const rows = coreRows(topology, count);
        expect(rows.map(({ core }) => core).sort((one, other) => one - other)).toEqual(
          Array.from({ length: count }, (_, core) => core),
        );
        const grouped = rowGroups(rows);
        expect(grouped.every(({ firstRow, endRow }) => endRow > firstRow)).toBe(true);
        // A name stands beside one stretch of rows, never beside two.
        expect(new Set(grouped.map(({ name }) => name)).size).toBe(grouped.length);
      }),
    );
  });
});

describe('the cores that can be used', () => {
  const limits = { onlineCores: 4, affinityCores: 4, cpusetCores: null, quotaCores: 1.5 };
  it('are told with what limits them', () => {
    expect(usableCoresText({ ...limits, count: 1.5, boundBy: 'quota' })).toBe(
      '1.5 usable cores (bound by quota)',
    );
    expect(usableCoresText({ ...limits, count: 1, boundBy: 'affinity' })).toBe(
      '1 usable core (bound by affinity)',
    );
    expect(usableCoresText({ ...limits, count: 4, boundBy: 'machine' })).toBe('4 usable cores');
  });

  it('are told with every limit', () => {
    expect(coreLimitsText({ ...limits, count: 1.5, boundBy: 'quota' })).toBe(
      'online: 4\nallowed by affinity: 4\nallowed by cpuset: no limit\nallowed by quota: 1.5',
    );
  });
});
