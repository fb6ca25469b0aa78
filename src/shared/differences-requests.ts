import type { DifferencesProgress, DifferencesReport, Thoroughness } from './differences.ts';
import type { Problem } from './result.ts';

/** What the page asks about the table of differences between threads and processes, and what it is told. */

export const differencesFormats = ['json', 'markdown'] as const;
export type DifferencesFormat = (typeof differencesFormats)[number];

/** How matters stand. */
export interface DifferencesState {
  /** The last one that was measured, on this machine or another: it is kept across restarts. Null: there is none. */
  readonly report: DifferencesReport | null;
  /** Why the one that was kept cannot be shown; null where nothing is wrong. */
  readonly problem: Problem | null;
  /** What is measured now; null where nothing is. */
  readonly progress: DifferencesProgress | null;
  /** What a measurement takes on two idle cores. */
  readonly expectedMs: Readonly<Record<Thoroughness, number>>;
}

export interface DifferencesRequests {
  'differences:state': { readonly request: null; readonly response: DifferencesState };
  /** Answers when it has begun; refused as `busy` while something else is measured. */
  'differences:measure': {
    readonly request: {
      readonly thoroughness: Thoroughness;
      /** Null: the Python that is found. */
      readonly pythonPath: string | null;
    };
    readonly response: null;
  };
  /** Answers when no process of it is left. */
  'differences:cancel': { readonly request: null; readonly response: null };
  /** Asks where to; null where the user closed the dialog. */
  'differences:save': {
    readonly request: { readonly format: DifferencesFormat };
    readonly response: { readonly path: string | null };
  };
  /** The last table as Markdown. */
  'differences:text': { readonly request: null; readonly response: { readonly text: string } };
}

export type DifferencesEvent =
  | { readonly type: 'progress'; readonly progress: DifferencesProgress }
  /** `unsaved`: why it will not be there after a restart; null where it will. */
  | { readonly type: 'finished'; readonly report: DifferencesReport; readonly unsaved: Problem | null }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly problem: Problem };

export const differencesChannels = {
  'differences:state': true,
  'differences:measure': true,
  'differences:cancel': true,
  'differences:save': true,
  'differences:text': true,
} as const satisfies Record<keyof DifferencesRequests, true>;
