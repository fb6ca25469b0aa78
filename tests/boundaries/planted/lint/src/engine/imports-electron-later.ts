// expect: no-restricted-syntax
export async function version(): Promise<string> {
  const electron = await import('electron');
  return electron.app.getVersion();
}
