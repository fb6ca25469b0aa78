// expect: @typescript-eslint/no-restricted-imports
import { type App } from 'electron';
export type Application = App;
