import picocolors from 'picocolors';
import type { Problem } from '../shared/result.ts';

/** What the commands need to know of the outside, so that none of them reaches for `process`. */
export interface Terminal {
  /** Results, for whoever comes next in the pipe. */
  readonly out: NodeJS.WriteStream;
  /** Everything that is said to the person in front: progress, notes, problems. */
  readonly err: NodeJS.WriteStream;
  readonly outColours: Colours;
  readonly errColours: Colours;
}

export type Colours = ReturnType<typeof picocolors.createColors>;

export const exitCodes = {
  success: 0,
  /** `doctor` found something missing. */
  unhealthy: 1,
  /** `compare`: a budget is broken, or something is worse than the baseline. */
  brokenBudget: 1,
  /** Wrong usage or input; nothing was run. */
  badInput: 2,
  /** Something was run, and a run or the whole comparison failed. */
  failedRun: 3,
} as const;

export function createTerminal(out: NodeJS.WriteStream, err: NodeJS.WriteStream): Terminal {
  return {
    out,
    err,
    outColours: picocolors.createColors(showsColours(out)),
    errColours: picocolors.createColors(showsColours(err)),
  };
}

/**
 * Node's `hasColors` honours NO_COLOR, FORCE_COLOR and TERM; a pipe or a file has no such method, and its `isTTY` is
 * undefined. Never hand that on: picocolors takes undefined for "decide yourself", and then colours a pipe where CI
 * is set.
 */
function showsColours(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY ? stream.hasColors() : false;
}

/** Whether lines can be redrawn in place. A terminal without a size (some consoles, some CI) cannot do that. */
export function isLive(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.columns > 0 && process.env['TERM'] !== 'dumb';
}

/** Characters in a line; what is not a terminal, or one without a size, gets the customary 80. */
export function lineWidth(stream: NodeJS.WriteStream): number {
  return stream.isTTY && stream.columns > 0 ? stream.columns : 80;
}

export function printProblem(terminal: Terminal, problem: Problem): void {
  const { red, dim } = terminal.errColours;
  terminal.err.write(`${red('corescope:')} ${problem.message}\n  ${dim(problem.advice)}\n`);
}

export function printNote(terminal: Terminal, note: string): void {
  terminal.err.write(`${terminal.errColours.dim(note)}\n`);
}
