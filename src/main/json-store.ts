import { existsSync, readFileSync, renameSync } from 'node:fs';
import type { z } from 'zod';
import { fail, type Problem } from '../shared/result.ts';

/** A small JSON file of the app's own, read once and written after every change. */
export interface JsonStore<Value> {
  readonly get: () => Value;
  /** Listeners hear of it at once; the file follows. */
  readonly set: (value: Value) => void;
  readonly onChange: (listener: (value: Value) => void) => () => void;
  /** What is not as it should be with the file; null while all is well. */
  readonly problem: () => Problem | null;
  /** Resolves when everything that was set is on disk, or could not be written. */
  readonly settled: () => Promise<void>;
}

/**
 * A file that is broken is kept aside under the name `<file>.broken`, and the fallback is taken: the app starts in
 * any case. The one that was kept aside last is replaced.
 */
export function openJsonStore<Value>(options: {
  readonly path: string;
  readonly schema: z.ZodType<Value>;
  readonly fallback: Value;
  /** For sentences: `settings`, `recent items`. */
  readonly what: string;
  readonly write?: (path: string, text: string) => Promise<void>;
}): JsonStore<Value> {
  const { path, what, write = writeAtomically } = options;
  const read = readStore(options);
  let { value, problem } = read;
  let written: Promise<void> = Promise.resolve();
  const listeners = new Set<(value: Value) => void>();

  async function save(saved: Value): Promise<void> {
    try {
      await write(path, `${JSON.stringify(saved, null, 2)}\n`);
      if (problem?.kind === 'store-not-written') problem = null;
    } catch (error) {
      problem = fail(
        'store-not-written',
        `The ${what} could not be written to ${path}: ${error instanceof Error ? error.message : String(error)}.`,
        'They hold until Corescope is closed. Make room or give permission, then change one again.',
      ).problem;
    }
  }

  return {
    get: () => value,
    set: (next) => {
      value = next;
      // One after the other: two writers of one file could leave the older one behind.
      written = written.then(() => save(next));
      for (const listener of listeners) listener(next);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    problem: () => problem,
    settled: () => written,
  };
}

/** Read when there is something to write: no window waits for it. */
async function writeAtomically(path: string, text: string): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(path, text);
}

function readStore<Value>({
  path,
  schema,
  fallback,
  what,
}: {
  readonly path: string;
  readonly schema: z.ZodType<Value>;
  readonly fallback: Value;
  readonly what: string;
}): { readonly value: Value; readonly problem: Problem | null } {
  if (!existsSync(path)) return { value: fallback, problem: null };
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return { value: parsed.data, problem: null };
    return { value: fallback, problem: keepAside(path, what, firstIssue(parsed.error)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { value: fallback, problem: keepAside(path, what, reason) };
  }
}

export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'it is not as it should be';
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}

function keepAside(path: string, what: string, reason: string): Problem {
  const aside = `${path}.broken`;
  try {
    renameSync(path, aside);
  } catch {
    return fail(
      'store-unreadable',
      `The ${what} in ${path} could not be read (${reason}).`,
      'The usual ones hold for now. Look at the file and its permissions.',
    ).problem;
  }
  return fail(
    'store-broken',
    `The ${what} could not be read (${reason}); the usual ones hold.`,
    `The file was kept as ${aside}.`,
  ).problem;
}
