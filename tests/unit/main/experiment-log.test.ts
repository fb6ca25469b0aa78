import { describe, expect, it } from 'vitest';
import { createExperimentLog } from '../../../src/main/experiment-log.ts';
import type { ExperimentEvent } from '../../../src/shared/experiment-event.ts';

const plan = {} as Extract<ExperimentEvent, { type: 'planned' }>['plan'];

describe('what a window that is opened later hears', () => {
  it('is the experiment that is on, without what comes by the thousand', () => {
    const log = createExperimentLog();
    const planned: ExperimentEvent = { type: 'planned', plan, runs: [], atMs: 1 };
    const paused: ExperimentEvent = { type: 'paused', atMs: 3 };
    log.receive({ type: 'cancelled', atMs: 0 });
    log.receive(planned);
    log.receive({ type: 'task-started', order: 1, task: 1, worker: 1, atMs: 2 });
    log.receive(paused);
    expect(log.events()).toEqual([planned, paused]);
  });
});
