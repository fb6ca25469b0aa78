// expect: @typescript-eslint/no-restricted-imports
import type { BrowserWindow } from 'electron';
export type Window = BrowserWindow;
