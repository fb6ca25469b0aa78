// expect: @typescript-eslint/consistent-type-imports
export type Window = import('electron').BrowserWindow;
