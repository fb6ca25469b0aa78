import { mkdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Names the temporary folder of this run. Nobody can guess the name, so that nobody can put something there before
 * `makeRunFolder` does. It begins with the host's pid: whoever finds one knows which run has left it.
 */
export function nameRunFolder(): string {
  const random = Math.random().toString(36).slice(2, 10);
  return path.join(os.tmpdir(), `corescope-run-${process.pid}-${random}`);
}

/** Most work needs no folder: it is made by whoever asks for it first, host or worker. */
export function makeRunFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** What is in use elsewhere (Windows) stays, for the system to clear away. */
export function removeRunFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 2 });
  } catch (error) {
    console.error(error);
  }
}
