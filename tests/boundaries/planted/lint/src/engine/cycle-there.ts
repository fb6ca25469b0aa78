// expect: import-x/no-cycle
import { back } from './cycle-back.ts';
export function there(depth: number): number {
  return depth === 0 ? 0 : back(depth - 1);
}
