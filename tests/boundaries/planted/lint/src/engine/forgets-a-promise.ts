// expect: @typescript-eslint/no-floating-promises
import { rm } from 'node:fs/promises';
export function remove(path: string): void {
  rm(path);
}
