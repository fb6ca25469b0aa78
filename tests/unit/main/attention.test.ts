import { describe, expect, it } from 'vitest';
import { createAttention } from '../../../src/main/attention.ts';
import type { ExperimentEvent } from '../../../src/shared/experiment-event.ts';

interface Situation {
  readonly keepAwake?: boolean;
  readonly notifications?: boolean;
  readonly focused?: boolean;
}

/** What the system was told, in order, while these events came. */
function told(situation: Situation, events: readonly ExperimentEvent[]): readonly string[] {
  const { keepAwake = true, notifications = true, focused = false } = situation;
  const log: string[] = [];
  const attention = createAttention({
    settings: () => ({ keepAwake, notifications }),
    showProgress: (share) => log.push(share === null ? 'no progress' : `progress ${share}`),
    keepAwake: () => log.push('awake'),
    letSleep: () => log.push('may sleep'),
    notify: (title, body) => log.push(`${title}: ${body}`),
    hasFocus: () => focused,
  });
  for (const event of events) attention.receive(event);
  return log;
}

const plan = {} as Extract<ExperimentEvent, { type: 'planned' }>['plan'];
const begin: ExperimentEvent = { type: 'planned', plan, runs: [], atMs: 1000 };
const cancelled: ExperimentEvent = { type: 'cancelled', atMs: 60_000 };

function failedAt(atMs: number): ExperimentEvent {
  return { type: 'failed', problem: { kind: 'x', message: 'It broke.', advice: '' }, atMs };
}

describe('what the system shows of an experiment', () => {
  it('is its progress, no sleep, and a word at the end where nobody looks', () => {
    expect(told({}, [begin, failedAt(60_000)])).toEqual([
      'progress 0',
      'awake',
      'no progress',
      'may sleep',
      'The comparison has failed: It broke.',
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
