import type { DifferencesEvent } from '../shared/differences-requests.ts';
import type { ExperimentEvent } from '../shared/experiment-event.ts';
import type { Problem } from '../shared/result.ts';
import type { AppSettings } from '../shared/settings.ts';
import type { SessionMs } from '../shared/units.ts';

/** What is measured, by the command that shows it. */
export type Measured = 'view-experiment' | 'view-differences';

/** What the system shows of a measurement outside the window. */
export interface AttentionTools {
  readonly settings: () => Pick<AppSettings, 'keepAwake' | 'notifications'>;
  /** 0 to 1; null takes it away. */
  readonly showProgress: (share: number | null) => void;
  readonly keepAwake: () => void;
  readonly letSleep: () => void;
  /** Whoever clicks on it wants to see what was measured. */
  readonly notify: (title: string, body: string, measured: Measured) => void;
  readonly hasFocus: () => boolean;
}

export interface Attention {
  receive(event: ExperimentEvent): void;
  /** These bear no time of their own. */
  receiveDifferences(event: DifferencesEvent, atMs: SessionMs): void;
  /** The engine's process is gone, and what it measured with it. */
  engineEnded(problem: Problem, atMs: SessionMs): void;
  /** What is being measured now; null: nothing. */
  measured(): Measured | null;
}

/** Who waited for less than this is still looking. */
const longMs = 15_000;

const names = {
  'view-experiment': 'comparison',
  'view-differences': 'measurement of the differences',
} as const satisfies Record<Measured, string>;

/** Follows a measurement: progress on the taskbar, no sleep meanwhile, a word at the end where nobody looks. */
export function createAttention(tools: AttentionTools): Attention {
  let underWay: { readonly measured: Measured; readonly startedAtMs: SessionMs } | null = null;

  function begin(measured: Measured, startedAtMs: SessionMs): void {
    underWay = { measured, startedAtMs };
    tools.showProgress(0);
    if (tools.settings().keepAwake) tools.keepAwake();
  }

  /** `word` null: whoever ended it knows. */
  function end(word: { readonly how: string; readonly body: string; readonly atMs: SessionMs } | null): void {
    const ended = underWay;
    underWay = null;
    if (ended === null) return;
    tools.showProgress(null);
    tools.letSleep();
    if (word === null || word.atMs - ended.startedAtMs < longMs) return;
    if (!tools.settings().notifications || tools.hasFocus()) return;
    tools.notify(`The ${names[ended.measured]} ${word.how}`, word.body, ended.measured);
  }

  function fail({ message }: Problem, atMs: SessionMs): void {
    end({ how: 'has failed', body: message, atMs });
  }

  return {
    receive: (event) => {
      switch (event.type) {
        case 'planned':
          begin('view-experiment', event.atMs);
          break;
        case 'run-ended':
          tools.showProgress(event.completedRuns / Math.max(1, event.totalRuns));
          break;
        case 'finished':
          end({ how: 'has finished', body: event.experiment.verdict.sentence, atMs: event.atMs });
          break;
        case 'failed':
          fail(event.problem, event.atMs);
          break;
        case 'cancelled':
          end(null);
          break;
        default:
          break;
      }
    },
    receiveDifferences: (event, atMs) => {
      switch (event.type) {
        case 'progress':
          if (underWay === null) begin('view-differences', atMs);
          tools.showProgress(event.progress.doneShare);
          break;
        case 'finished':
          end({ how: 'has finished', body: 'The table is in the view Differences.', atMs });
          break;
        case 'failed':
          fail(event.problem, atMs);
          break;
        case 'cancelled':
          end(null);
          break;
      }
    },
    engineEnded: fail,
    measured: () => underWay?.measured ?? null,
  };
}
