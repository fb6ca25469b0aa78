import { describe, expect, it } from 'vitest';
import { ProcessSlots, slotOfWorker } from '../../../../src/renderer/drawing/process-slots.ts';
import { drawnEntity } from '../../../support/drawn-frame.ts';

const make = drawnEntity({ key: 1, pid: 10, name: 'make', startedUnixMs: 1_000 });
const shell = drawnEntity({ key: 2, pid: 11, name: 'sh', rootPid: 10, parentKey: 1, startedUnixMs: 2_000 });
const compiler = { ...shell, key: 3, name: 'cc' };

describe('the colours of what is watched', () => {
  it('are one for each process, in the order in which they are first seen', () => {
    const slots = new ProcessSlots();
    expect(slots.receive([make, shell], [])).toEqual([
      { slot: 1, pid: 10, name: 'make' },
      { slot: 2, pid: 11, name: 'sh' },
    ]);
    expect([make, shell].map((entity) => slots.slotOf(entity))).toEqual([1, 2]);
  });

  it('stay with a process that replaces its program, and are not handed on with its number', () => {
    const slots = new ProcessSlots();
    slots.receive([make, shell], []);
    expect(slots.receive([compiler], [2])).toEqual([{ slot: 2, pid: 11, name: 'cc' }]);
    expect(slots.slotOf(compiler)).toBe(2);
    slots.receive([], [3]);
    expect(slots.slotOf(compiler)).toBe(0);
    const later = { ...shell, key: 4, startedUnixMs: 9_000 };
    expect(slots.receive([later], [])).toEqual([{ slot: 3, pid: 11, name: 'sh' }]);
  });

  it('are those of threads while they have rows, for the row of the process tells of one core only', () => {
    const slots = new ProcessSlots();
    const thread = drawnEntity({ key: 5, kind: 'thread', pid: 10, tid: 12, rootPid: 10, parentKey: 1 });
    slots.receive([make, thread], []);
    expect([make, thread].map((entity) => slots.slotOf(entity))).toEqual([0, 1]);
    slots.receive([], [5]);
    expect(slots.slotOf(make)).toBe(1);
  });

  it('are not given to what was measured as a run, nor to Corescope itself', () => {
    const slots = new ProcessSlots(new Set([10]));
    const own = drawnEntity({ key: 6, pid: 30, owner: 'corescope' });
    expect(slots.receive([make, shell, own], [])).toEqual([]);
    expect([make, shell, own].map((entity) => slots.slotOf(entity))).toEqual([0, 0, 0]);
  });

  it('begin anew where there are more processes than can be told apart', () => {
    const slots = new ProcessSlots();
    const crowd = Array.from({ length: 256 }, (_, index) => drawnEntity({ key: index + 1, pid: index + 1 }));
    expect(slots.receive(crowd, []).map(({ slot }) => slot)).toEqual([
      ...Array.from({ length: 255 }, (_, index) => index + 1),
      1,
    ]);
  });
});

it('workers have the slots from 1 on, and those beyond what a byte tells apart share the last', () => {
  expect([0, 1, 253, 254, 255, 999].map(slotOfWorker)).toEqual([1, 2, 254, 255, 255, 255]);
});
