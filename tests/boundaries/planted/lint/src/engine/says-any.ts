// expect: @typescript-eslint/no-explicit-any
export function anything(value: any): boolean {
  return value === undefined;
}
