// expect: nothing
export const width: number = window.innerWidth;
