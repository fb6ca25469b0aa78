// expect: @typescript-eslint/no-restricted-imports
import type { Stats } from 'node:fs';
export type File = Stats;
