// expect: Cannot find name 'node:fs'
import { readFileSync } from 'node:fs';
export const text: unknown = readFileSync('/etc/hostname', 'utf8');
