// expect: Cannot find name 'setTimeout'
export const timer: unknown = setTimeout(() => undefined, 1);
