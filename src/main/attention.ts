import type { ExperimentEvent } from '../shared/experiment-event.ts';
import type { AppSettings } from '../shared/settings.ts';

/** What the system shows of an experiment outside the window. */
export interface AttentionTools {
  readonly settings: () => Pick<AppSettings, 'keepAwake' | 'notifications'>;
  /** 0 to 1; null takes it away. */
  readonly showProgress: (share: number | null) => void;
  readonly keepAwake: () => void;
  readonly letSleep: () => void;
  readonly notify: (title: string, body: string) => void;
  readonly hasFocus: () => boolean;
}

/** Who waited for less than this is still looking. */
const longExperimentMs = 15_000;

/** Follows an experiment: progress on the taskbar, no sleep meanwhile, a word at the end where nobody looks. */
export function createAttention(tools: AttentionTools): { receive(event: ExperimentEvent): void } {
  let startedAtMs = Number.NaN;

  function end(title: string, body: string, atMs: number): void {
    tools.showProgress(null);
    tools.letSleep();
    const isLong = atMs - startedAtMs >= longExperimentMs;
    if (isLong && tools.settings().notifications && !tools.hasFocus()) tools.notify(title, body);
  }

  return {
    receive: (event) => {
      switch (event.type) {
        case 'planned':
          startedAtMs = event.atMs;
          tools.showProgress(0);
          if (tools.settings().keepAwake) tools.keepAwake();
          break;
        case 'run-ended':
          tools.showProgress(event.completedRuns / Math.max(1, event.totalRuns));
          break;
        case 'finished':
          end('The comparison has finished', event.experiment.verdict.sentence, event.atMs);
          break;
        case 'failed':
          end('The comparison has failed', event.problem.message, event.atMs);
          break;
        case 'cancelled':
          // Whoever cancelled it knows.
          tools.showProgress(null);
          tools.letSleep();
          break;
        default:
          break;
      }
    },
  };
}
