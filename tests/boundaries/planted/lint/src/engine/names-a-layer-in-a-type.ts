// expect: @typescript-eslint/consistent-type-imports
export type Version = import('../main/may-use-electron.ts').Version;
