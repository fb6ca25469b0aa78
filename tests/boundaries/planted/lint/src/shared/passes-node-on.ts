// expect: @typescript-eslint/no-restricted-imports
export { sep } from 'node:path';
