import { expect, it } from 'vitest';
import { MessageGarbage } from '../../../../src/renderer/drawing/garbage.ts';

it('claims memory once per MB of messages, whatever their size', () => {
  const claims: number[] = [];
  const garbage = new MessageGarbage((bytes) => claims.push(bytes));
  for (let message = 0; message < 99; message += 1) garbage.received(10_000);
  expect(claims).toEqual([]);
  garbage.received(10_000);
  expect(claims).toEqual([72e6]);
  garbage.received(999_999);
  expect(claims).toHaveLength(1);
  garbage.received(1);
  expect(claims).toHaveLength(2);
});
