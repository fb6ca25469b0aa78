/**
 * A set-up step that cannot go on, for a reason outside Corescope: the same three fields as `Problem` in
 * `src/shared/result.ts`. Thrown rather than returned, because every such failure ends the whole script.
 */
export class SetupError extends Error {
  /**
   * @param {string} kind a stable word for programs
   * @param {string} message what was wrong, and where
   * @param {string} advice what to do next
   */
  constructor(kind, message, advice) {
    super(message);
    this.name = 'SetupError';
    this.kind = kind;
    this.advice = advice;
  }
}

/**
 * Prints what stopped a script to standard error and gives the exit code to leave with. An unexpected error keeps
 * its stack: it is a bug of ours, and the stack is what a bug report needs.
 *
 * @param {unknown} error
 */
export function reportFailure(error) {
  if (error instanceof SetupError) {
    console.error(`\nCorescope: ${error.message}\n${error.advice}`);
  } else {
    console.error(error);
  }
  return 1;
}
