import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostTasksPerMessage } from '../../../../src/engine/runner/protocol.ts';
import { expandShareTasks, splitShareTasks } from '../../../../src/engine/runner/share-tasks.ts';

type ShareTasks = Parameters<typeof expandShareTasks>[0];

/** Worker 1 of 2: tasks 1, 3, 5. */
function drawn(changes: Partial<ShareTasks> = {}): string[] {
  const event: ShareTasks = {
    type: 'share-tasks',
    ns: '1000',
    worker: 1,
    lengthsNs: [10, 30],
    firstTask: 1,
    taskStep: 2,
    firstIsTold: false,
    nextIsStarted: false,
    ...changes,
  };
  return [...expandShareTasks(event)].map(
    ({ type, task, worker, afterNs }) =>
      `${afterNs} ${type === 'task-started' ? 'start' : 'end'} ${task} of ${worker}`,
  );
}

/** Each as a text, with the clock's own reading. */
function timesOf(event: ShareTasks): string[] {
  const beganNs = BigInt(event.ns);
  return Array.from(
    expandShareTasks(event),
    ({ type, task, afterNs }) => `${beganNs + BigInt(afterNs)} ${type} ${task}`,
  );
}

describe('the tasks of a share', () => {
  it('each begin where the one before has ended', () => {
    expect(drawn()).toEqual(['0 start 1 of 1', '10 end 1 of 1', '10 start 3 of 1', '40 end 3 of 1']);
  });

  it('are not begun twice where the start of the first has been told', () => {
    expect(drawn({ firstIsTold: true })).toEqual(['10 end 1 of 1', '10 start 3 of 1', '40 end 3 of 1']);
  });

  it('end with the one that is under way', () => {
    expect(drawn({ lengthsNs: [10], nextIsStarted: true })).toEqual([
      '0 start 1 of 1',
      '10 end 1 of 1',
      '10 start 3 of 1',
    ]);
  });

  it('are each told once, however they are spread over messages', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 1e9 }), { minLength: 1, maxLength: 5 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        (messages, taskStep) => {
          let firstTask = 0;
          const told = messages.flatMap((lengthsNs, index) => {
            const lines = drawn({
              lengthsNs,
              firstTask,
              taskStep,
              firstIsTold: index > 0,
              nextIsStarted: index < messages.length - 1,
            });
            firstTask += lengthsNs.length * taskStep;
            return lines.map((line) => line.replace(/^\d+ /, ''));
          });
          const tasks = messages.flat().map((_, index) => index * taskStep);
          expect(told).toEqual(tasks.flatMap((task) => [`start ${task} of 1`, `end ${task} of 1`]));
        },
      ),
    );
  });

  it('are the same in one event as in the several that it is split into', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9_000 }), { minLength: 1, maxLength: 9, size: 'max' }),
        fc.integer({ min: 1, max: 400 }),
        fc.boolean(),
        fc.boolean(),
        (pattern, repeated, firstIsTold, nextIsStarted) => {
          const whole: ShareTasks = {
            type: 'share-tasks',
            ns: '9007199254740993',
            worker: 1,
            lengthsNs: new Array(repeated).fill(pattern).flat(),
            firstTask: 1,
            taskStep: 3,
            firstIsTold,
            nextIsStarted,
          };
          const parts = [...splitShareTasks(whole)];
          expect(Math.max(...parts.map(({ lengthsNs }) => lengthsNs.length))).toBeLessThanOrEqual(
            mostTasksPerMessage,
          );
          expect(parts.flatMap(timesOf)).toEqual(timesOf(whole));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('fit into a line of events, as many as a message may have and each as long as a day', () => {
    const line = JSON.stringify({ lengthsNs: new Array<number>(mostTasksPerMessage).fill(86_400e9) });
    expect(line.length).toBeLessThan(32_768);
  });
});
