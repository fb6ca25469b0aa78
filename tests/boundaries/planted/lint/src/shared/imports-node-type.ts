// expect: @typescript-eslint/no-restricted-imports
import type { Stats } from 'fs/promises';
export type File = Stats;
