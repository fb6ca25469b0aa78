// expect: Cannot find name 'process'
export const folder: unknown = process.cwd();
