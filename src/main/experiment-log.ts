import type { ExperimentEvent } from '../shared/experiment-event.ts';

/** Those that a window shows by; the others come by the thousand, and only who listens needs them. */
const kept: ReadonlySet<ExperimentEvent['type']> = new Set([
  'planned',
  'readiness',
  'looked',
  'paused',
  'resumed',
  'run-started',
  'host-ready',
  'worker-ready',
  'run-ended',
  'finished',
  'cancelled',
  'failed',
]);

/** What a window that is opened later must hear to show the experiment that is on, or the last one. */
export interface ExperimentLog {
  receive(event: ExperimentEvent): void;
  events(): readonly ExperimentEvent[];
}

export function createExperimentLog(): ExperimentLog {
  let log: ExperimentEvent[] = [];
  return {
    receive: (event) => {
      if (event.type === 'planned') log = [];
      if (kept.has(event.type)) log.push(event);
    },
    events: () => log,
  };
}
