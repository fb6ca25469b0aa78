// expect: @typescript-eslint/no-restricted-imports
import { sep } from 'path';
export const separator = sep;
