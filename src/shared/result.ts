/**
 * What failed, where, and what to do next: the form in which every expected failure crosses a boundary.
 * (An exception that crosses Electron's IPC arrives as its message only, so failures travel as data.)
 */
export interface Problem {
  /** A stable word for programs: `unknown-workload`, `python-not-found`, … */
  readonly kind: string;
  /** What was wrong, and where. One sentence. */
  readonly message: string;
  /** What to do next. One sentence. */
  readonly advice: string;
}

export interface Failure {
  readonly ok: false;
  readonly problem: Problem;
}

export type Result<Value> = { readonly ok: true; readonly value: Value } | Failure;

export function succeed<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

export function fail(kind: string, message: string, advice: string): Failure {
  return { ok: false, problem: { kind, message, advice } };
}
