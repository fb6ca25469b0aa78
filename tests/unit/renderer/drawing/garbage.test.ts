import { expect, it } from 'vitest';
import { MessageGarbage } from '../../../../src/renderer/drawing/garbage.ts';

it('claims memory once per MB of messages, whatever their size', () => {
  const claims: number[] = [];
  let nowMs = 0;
  const garbage = new MessageGarbage(
    (bytes) => claims.push(bytes),
    () => (nowMs += 1_000),
  );
  for (let message = 0; message < 99; message += 1) garbage.received(10_000);
  expect(claims).toEqual([]);
  garbage.received(10_000);
  expect(claims).toEqual([72e6]);
  garbage.received(999_999);
  expect(claims).toHaveLength(1);
  garbage.received(1);
  expect(claims).toHaveLength(2);
});

it('claims once more after a burst: what came while memory was collected was spared', () => {
  const claimedAtMs: number[] = [];
  let nowMs = 0;
  const garbage = new MessageGarbage(
    () => claimedAtMs.push(nowMs),
    () => nowMs,
  );
  for (nowMs = 0; nowMs < 300; nowMs += 10) garbage.received(100_000);
  expect(claimedAtMs).toEqual([90, 190, 290]);
  for (nowMs = 300; nowMs < 9_000; nowMs += 100) garbage.received(10_000);
  expect(claimedAtMs).toEqual([90, 190, 290, 1_300]);
});
