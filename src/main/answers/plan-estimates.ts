import type { ExperimentPlan } from '../../shared/experiment.ts';
import type { ExperimentEvent } from '../../shared/experiment-event.ts';
import type { PlanEstimate, TimedRun } from '../../shared/plan-estimate.ts';
import { estimatePlan } from '../../engine/experiment/estimate.ts';

/** Estimates of plans from the runs of the same work that this window has seen. */
export interface PlanEstimates {
  /** Hears every event of every experiment, in order. */
  receive(event: ExperimentEvent): void;
  estimate(plan: ExperimentPlan): PlanEstimate;
}

/** What was seen of one kind of work. */
interface SeenWork {
  readonly runs: TimedRun[];
  gilEnabled: boolean | null;
}

/** The newest of one kind of work: what was true an hour ago may not be now. */
const mostRuns = 500;

export function createPlanEstimates(usableCores: number): PlanEstimates {
  const seen = new Map<string, SeenWork>();
  let current: SeenWork | null = null;
  /** When the run before had ended: what a run takes begins with its preparation. */
  let sinceMs = 0;

  function workOf(plan: ExperimentPlan): SeenWork {
    const key = keyOf(plan);
    const known = seen.get(key) ?? { runs: [], gilEnabled: null };
    seen.set(key, known);
    return known;
  }

  return {
    receive(event) {
      switch (event.type) {
        case 'planned':
          current = workOf(event.plan);
          sinceMs = event.atMs;
          break;
        case 'readiness':
        case 'resumed':
          sinceMs = event.atMs;
          break;
        case 'host-ready':
          if (current !== null) current.gilEnabled = event.interpreter.gilEnabled;
          break;
        case 'run-ended':
          if (current !== null && event.record.state === 'finished') {
            const { strategy, workers } = event.run;
            const durationMs = event.atMs - sinceMs;
            current.runs.push({ strategy, workers, durationMs, wallMs: event.record.wallMs });
            current.runs.splice(0, current.runs.length - mostRuns);
          }
          sinceMs = event.atMs;
          break;
        default:
          break;
      }
    },
    estimate(plan) {
      const { runs, gilEnabled } = workOf(plan);
      return estimatePlan({ plan, usableCores, gilEnabled, pastRuns: runs });
    },
  };
}

/** Whatever changes how long a run takes, other than strategy and workers. */
function keyOf({
  workload,
  pythonPath,
  startMethod,
  niceLevel,
  prepareCommand,
  cleanupCommand,
}: ExperimentPlan): string {
  return JSON.stringify([workload, pythonPath, startMethod, niceLevel, prepareCommand, cleanupCommand]);
}
