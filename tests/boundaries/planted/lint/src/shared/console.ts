// expect: nothing
export const lines: string[] = [];
