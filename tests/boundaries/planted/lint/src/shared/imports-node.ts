// expect: @typescript-eslint/no-restricted-imports
import { sep } from 'node:path';
export const separator = sep;
