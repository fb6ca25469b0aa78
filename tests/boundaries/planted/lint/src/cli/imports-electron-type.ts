// expect: @typescript-eslint/no-import-type-side-effects @typescript-eslint/no-restricted-imports
import { type App } from 'electron';
export type Application = App;
