// expect: nothing
import { readFileSync } from 'node:fs';
export function hostname(): string {
  return readFileSync('/etc/hostname', 'utf8');
}
