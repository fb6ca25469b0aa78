import { expect, it } from 'vitest';
import { SlotNames } from '../../../../src/renderer/charts/slot-names.ts';

it('what a slot stood for depends on when: a worker, a process, another process, a worker again', () => {
  const names = new SlotNames();
  expect(names.nameOf(1, 50)).toBe('worker 1');
  names.place(100, [
    { slot: 1, pid: 10, name: 'make' },
    { slot: 2, pid: 11, name: 'sh' },
  ]);
  names.place(200, [{ slot: 2, pid: 11, name: 'cc' }]);
  names.beginWorkers(300);
  names.beginWorkers(310);
  names.place(400, [{ slot: 1, pid: 20, name: 'node' }]);
  expect([50, 100, 350, 400].map((atMs) => names.nameOf(1, atMs))).toEqual([
    'worker 1',
    'make 10',
    'worker 1',
    'node 20',
  ]);
  expect([150, 250, 450].map((atMs) => names.nameOf(2, atMs))).toEqual(['sh 11', 'cc 11', 'worker 2']);
});
