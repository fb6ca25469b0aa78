// expect: no-restricted-syntax
export async function separator(): Promise<string> {
  const path: { sep: string } = await import('node:path');
  return path.sep;
}
