// expect: @typescript-eslint/no-unsafe-assignment @typescript-eslint/no-unsafe-return
export function read(text: string): string {
  const value = JSON.parse(text);
  return value;
}
