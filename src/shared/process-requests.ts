import type { ProcessFactsRequests } from './process-facts.ts';
import type { UnixMs } from './units.ts';

/** What the page asks to be done to a process. Never done to Corescope's own. */

/** A process as a tree row knows it: number and start together stand for it, and for no later bearer of the number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Null where the system does not tell: then the number alone counts. */
  readonly startedUnixMs: UnixMs | null;
}

export interface EndWish extends ProcessIdentity {
  /** `tree`: with all that it has started and that still hangs under it. */
  readonly scope: 'process' | 'tree';
  /** `term` asks it to end (SIGTERM), `kill` ends it without asking (SIGKILL). */
  readonly how: 'term' | 'kill';
}

export interface EndOutcome {
  /** How many were sent the signal. */
  readonly signalled: number;
  /** How many of them were still there two seconds later. */
  readonly left: number;
}

export interface NiceLevel {
  /** -20 (most) to 19 (least). */
  readonly level: number;
}

export interface ProcessRequests extends ProcessFactsRequests {
  'process:end': { readonly request: EndWish; readonly response: EndOutcome };
  'process:nice': { readonly request: ProcessIdentity; readonly response: NiceLevel };
  'process:renice': { readonly request: ProcessIdentity & NiceLevel; readonly response: NiceLevel };
}

export const processChannels = {
  'process:facts': true,
  'process:environment': true,
  'process:memory-map': true,
  'process:end': true,
  'process:nice': true,
  'process:renice': true,
} as const satisfies Record<keyof ProcessRequests, true>;
