import { extname, join, normalize, sep } from 'node:path';

/**
 * The file inside `folder` that a page's URL names; null where the URL is malformed, of another host, or climbs out
 * of the folder.
 */
export function pageFile(folder: string, host: string, url: string): string | null {
  let path: string;
  try {
    const parsed = new URL(url);
    if (parsed.host !== host) return null;
    path = decodeURIComponent(parsed.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  const root = normalize(folder + sep);
  const file = normalize(join(root, path));
  return file.startsWith(root) ? file : null;
}

/** Of what the page is made of; nothing else is served. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Null for a file of another kind. */
export function contentTypeOf(file: string): string | null {
  return contentTypes[extname(file)] ?? null;
}
