// expect: Cannot find name 'window'
export const width: unknown = window.innerWidth;
