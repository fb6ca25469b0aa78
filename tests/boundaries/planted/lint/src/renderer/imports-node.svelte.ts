// expect: @typescript-eslint/no-restricted-imports
import { EOL } from 'os';
export const state = $state({ lineEnd: EOL });
