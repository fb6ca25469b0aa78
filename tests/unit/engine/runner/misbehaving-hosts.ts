import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuiltHosts, buildHosts } from './build-hosts.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Real hosts of both runtimes whose count-loop misbehaves as `n` says (see misbehaving/). */
export async function buildMisbehavingHosts(
  entries: Readonly<Record<string, string>> = {},
): Promise<BuiltHosts> {
  const built = await buildHosts({ tasks: here('misbehaving/node-tasks.ts'), entries });
  const pythonFolder = path.join(built.folder, 'python');
  cpSync(built.files.pythonFolder, pythonFolder, { recursive: true });
  cpSync(
    here('misbehaving/count_loop.py'),
    path.join(pythonFolder, 'corescope_host/workloads/count_loop.py'),
  );
  return { ...built, files: { ...built.files, pythonFolder } };
}

/** What each `n` does in task 1. `escape` starts processes that leave the run (see escape.test.ts). */
export const misdeeds = {
  raise: 1,
  exit: 2,
  segfault: 3,
  flood: 4,
  writeGarbage: 5,
  neverEnd: 6,
  escape: 7,
  escapeAndNeverEnd: 8,
  escapeAndDie: 9,
  closeEvents: 10,
  exitQuietly: 11,
  hoard: 12,
  floodThroughStream: 13,
} as const;
