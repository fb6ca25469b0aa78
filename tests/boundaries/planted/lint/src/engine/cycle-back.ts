// expect: import-x/no-cycle
import { there } from './cycle-there.ts';
export function back(depth: number): number {
  return depth === 0 ? 0 : there(depth - 1);
}
