import { mkdirSync, rmSync } from 'node:fs';

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
