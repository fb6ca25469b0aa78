import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program, or null where it is not installed. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** A Python that has psutil: the one on the path or the system's own. Null where there is none. */
export function findPythonWithPsutil(): string | null {
  const candidates = [findProgram('python3'), '/usr/bin/python3'].filter((path) => path !== null);
  return (
    candidates.find(
      (python) => spawnSync(python, ['-c', 'import psutil'], { stdio: 'ignore' }).status === 0,
    ) ?? null
  );
}
