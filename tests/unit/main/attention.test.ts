import { describe, expect, it } from 'vitest';
import { createAttention, type Attention } from '../../../src/main/attention.ts';
import type { DifferencesEvent } from '../../../src/shared/differences-requests.ts';
import type { ExperimentEvent } from '../../../src/shared/experiment-event.ts';

interface Situation {
  readonly keepAwake?: boolean;
  readonly notifications?: boolean;
  readonly focused?: boolean;
}

interface Heard {
  readonly attention: Attention;
  /** What the system was told, in order. */
  readonly log: readonly string[];
}

function listen(situation: Situation = {}): Heard {
  const { keepAwake = true, notifications = true, focused = false } = situation;
  const log: string[] = [];
  const attention = createAttention({
    settings: () => ({ keepAwake, notifications }),
    showProgress: (share) => log.push(share === null ? 'no progress' : `progress ${share}`),
    keepAwake: () => log.push('awake'),
    letSleep: () => log.push('may sleep'),
    notify: (title, body, measured) => log.push(`${title}: ${body} (${measured})`),
    hasFocus: () => focused,
  });
  return { attention, log };
}

/** The same, while these events came. */
function told(situation: Situation, events: readonly ExperimentEvent[]): readonly string[] {
  const { attention, log } = listen(situation);
  for (const event of events) attention.receive(event);
  return log;
}

const plan = {} as Extract<ExperimentEvent, { type: 'planned' }>['plan'];
const begin: ExperimentEvent = { type: 'planned', plan, runs: [], atMs: 1000 };
const cancelled: ExperimentEvent = { type: 'cancelled', atMs: 60_000 };

function failedAt(atMs: number): ExperimentEvent {
  return { type: 'failed', problem: { kind: 'x', message: 'It broke.', advice: '' }, atMs };
}

describe('what the system shows of the table of differences', () => {
  const progress = { runtime: 'node', title: 'messages', doneShare: 0.25, remainingMs: 9_000 } as const;
  const measuring: DifferencesEvent = { type: 'progress', progress };

  it('is as much as of an experiment', () => {
    const { attention, log } = listen();
    attention.receiveDifferences(measuring, 1_000);
    expect(attention.measured()).toBe('view-differences');
    attention.receiveDifferences({ type: 'progress', progress: { ...progress, doneShare: 0.5 } }, 9_000);
    attention.receiveDifferences(
      { type: 'failed', problem: { kind: 'x', message: 'It broke.', advice: '' } },
      60_000,
    );
    expect(log).toEqual([
      'progress 0',
      'awake',
      'progress 0.25',
      'progress 0.5',
      'no progress',
      'may sleep',
      'The measurement of the differences has failed: It broke. (view-differences)',
    ]);
    expect(attention.measured()).toBeNull();
  });

  it('is no word where it was cancelled', () => {
    const { attention, log } = listen();
    attention.receiveDifferences(measuring, 1_000);
    attention.receiveDifferences({ type: 'cancelled' }, 60_000);
    expect(log.slice(-2)).toEqual(['no progress', 'may sleep']);
  });
});

describe('an engine that dies', () => {
  const problem = { kind: 'engine-exited', message: 'It has ended.', advice: '' };

  it('takes what it measured with it, and is told only of that', () => {
    const { attention, log } = listen();
    attention.receive(begin);
    attention.engineEnded(problem, 60_000);
    expect(log.at(-1)).toBe('The comparison has failed: It has ended. (view-experiment)');
    attention.engineEnded(problem, 900_000);
    expect(log).toHaveLength(5);
  });
});

describe('what the system shows of an experiment', () => {
  it('is its progress, no sleep, and a word at the end where nobody looks', () => {
    expect(told({}, [begin, failedAt(60_000)])).toEqual([
      'progress 0',
      'awake',
      'no progress',
      'may sleep',
      'The comparison has failed: It broke. (view-experiment)',
    ]);
  });

  it('is no word where a window has the focus, it was short, cancelled, or not wanted', () => {
    const silent = ['progress 0', 'awake', 'no progress', 'may sleep'];
    expect(told({ focused: true }, [begin, failedAt(60_000)])).toEqual(silent);
    expect(told({}, [begin, failedAt(15_999)])).toEqual(silent);
    expect(told({}, [begin, cancelled])).toEqual(silent);
    expect(told({ notifications: false }, [begin, failedAt(60_000)])).toEqual(silent);
  });

  it('lets the machine sleep where the user wants that', () => {
    expect(told({ keepAwake: false }, [begin])).toEqual(['progress 0']);
  });
});
