// expect: @typescript-eslint/no-restricted-imports
import { app } from 'electron/main';
export const version = app.getVersion();
