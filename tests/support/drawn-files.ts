/**
 * A file system drawn as `path: content` lines; the content's `;` are line ends, and lines that begin with `#` are
 * remarks. What is not drawn cannot be read.
 */
export function drawnFiles(text: string): (path: string) => string | null {
  const contents = new Map(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [path = '', content = ''] = line.split(/: (.*)/);
        return [path, `${content.replaceAll(';', '\n')}\n`];
      }),
  );
  return (path) => contents.get(path) ?? null;
}
