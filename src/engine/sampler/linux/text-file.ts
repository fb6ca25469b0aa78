import { readFileSync } from 'node:fs';

/** The text of a small file; null where it cannot be read. Tests draw a file system of their own. */
export type ReadText = (path: string) => string | null;

export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
