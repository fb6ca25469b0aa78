// expect: nothing
export const folder: string = process.cwd();
