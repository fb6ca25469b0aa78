import { expect, it } from 'vitest';
import { EntityDetails } from '../../../../src/renderer/state/entity-details.ts';
import { busiestFirst } from '../../../../src/renderer/state/placed-processes.ts';
import { buildProcessTree } from '../../../../src/renderer/state/process-tree.ts';
import { drawnEntity, drawnFrame } from '../../../support/drawn-frame.ts';

it('names what is there, the busiest first, and what is not known to have worked last', () => {
  const make = drawnEntity({ key: 1, pid: 10, name: 'make' });
  const children = ['cc', 'ld'].map((name, index) =>
    drawnEntity({ key: 2 + index, pid: 11 + index, name, rootPid: 10, parentKey: 1 }),
  );
  const frame = drawnFrame({ keys: Float64Array.of(1, 2, 3), cpuMs: Float64Array.of(Number.NaN, 40, 900) });
  const entities = new Map([make, ...children].map((entity) => [entity.key, entity]));
  const tree = buildProcessTree(entities, new EntityDetails(), frame, 'run', []);
  const placed = ['make', 'cc', 'ld', 'gone'].map((name, index) => ({
    slot: 1 + index,
    pid: 10 + index,
    name,
  }));
  expect(busiestFirst(tree, placed)).toEqual([
    { slot: 3, name: 'ld 12' },
    { slot: 2, name: 'cc 11' },
    { slot: 1, name: 'make 10' },
  ]);
});
