import { describe, expect, it } from 'vitest';
import type { Measured } from '../../../src/main/attention.ts';
import { createQuitGuard, type QuitGuard } from '../../../src/main/quit-guard.ts';

interface Guarded {
  readonly guard: QuitGuard;
  readonly asked: readonly string[];
  /** How often it has gone on by itself. */
  readonly wentOn: () => number;
  readonly leave: () => boolean;
}

/** A user who answers each question with the next of `answers`. */
function guarded(measured: Measured | null, answers: readonly boolean[] = []): Guarded {
  const asked: string[] = [];
  let wentOn = 0;
  const guard = createQuitGuard({
    measured: () => measured,
    ask: ({ message }) => {
      asked.push(message);
      return Promise.resolve(answers[asked.length - 1] ?? false);
    },
  });
  const leave = (): boolean =>
    guard.mayGo(() => {
      wentOn += 1;
    });
  return { guard, asked, leave, wentOn: () => wentOn };
}

describe('whoever quits', () => {
  it('is asked nothing where nothing is measured', () => {
    const { leave, asked } = guarded(null);
    expect(leave()).toBe(true);
    expect(asked).toEqual([]);
  });

  it('is asked while something is measured, once at a time, and may think otherwise', async () => {
    const { leave, asked, wentOn } = guarded('view-experiment', [false, true]);
    expect([leave(), leave()]).toEqual([false, false]);
    await Promise.resolve();
    expect(asked).toEqual(['A comparison is being measured.']);
    expect(wentOn()).toBe(0);
    expect(leave()).toBe(false);
    await Promise.resolve();
    expect(wentOn()).toBe(1);
    expect(leave()).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('is asked nothing where it is the system that ends the session', () => {
    const { guard, leave, asked } = guarded('view-differences');
    guard.agree();
    expect(leave()).toBe(true);
    expect(asked).toEqual([]);
  });
});
