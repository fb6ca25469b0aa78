import type { Problem, Result } from '../shared/result.ts';

/** A plan's fields have names of their own, for it may have been clicked together as well; here they were flags. */
const flagOfField: Readonly<Record<string, string>> = {
  'warm-up': '--warmup',
  'memory limit': '--memory-limit',
  'nice level': '--nice',
  'start method': '--start-method',
  'time budget': '--time-budget',
};

/** What a problem that is not about the range of a field is about, by its kind. */
const flagOfKind: Readonly<Record<string, string>> = {
  'unknown-runtime': '--runtime',
  'wrong-runtime': '--runtime',
  'unknown-start-method': '--start-method',
  'wrong-start-method': '--start-method',
  'unknown-parameter': '--param',
  'parameter-out-of-range': '--param',
  'folder-not-found': '--cwd',
};

/** `strategyFlag` is how the command calls it: `--strategies`, `--strategy`. */
export function nameFlags<Value>(result: Result<Value>, strategyFlag: string): Result<Value> {
  return result.ok ? result : { ok: false, problem: nameFlag(result.problem, strategyFlag) };
}

function nameFlag(problem: Problem, strategyFlag: string): Problem {
  const { kind, message } = problem;
  const flag = kind.endsWith('-strategy') || kind.startsWith('strategy-') ? strategyFlag : flagOfKind[kind];
  if (flag !== undefined) return { ...problem, message: `${flag}: ${message}` };
  const [, field, rest] = /^(.+?)( is .+, but must be .+)$/s.exec(message) ?? [];
  if (kind !== 'invalid-plan' || field === undefined || rest === undefined) return problem;
  // "Parameter …" was given by --param, and says which.
  if (field.startsWith('Parameter ')) return { ...problem, message: `--param: ${message}` };
  return { ...problem, message: `${flagOfField[field] ?? `--${field}`}${rest}` };
}
