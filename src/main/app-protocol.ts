import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { contentTypeOf, pageFile } from './page-file.ts';

/**
 * The page is served from `corescope://app/`, not from file://: a scheme of our own has a real origin, which the
 * sender check and the content security policy can name, and it can reach nothing but the renderer's folder.
 */
const scheme = 'corescope';
const host = 'app';
export const pageUrl = `${scheme}://${host}/index.html`;
export const pageOrigin = `${scheme}://${host}`;

/** Inline style attributes are allowed because ECharts' tooltip writes them; scripts and styles come from files. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Must be called before the app is ready: Electron reads the privileges of schemes once. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

export function serveAppFrom(folder: string): void {
  protocol.handle(scheme, async (request) => {
    const file = pageFile(folder, host, request.url);
    const type = file === null ? null : contentTypeOf(file);
    if (file === null || type === null) return new Response('Not found', { status: 404 });
    try {
      // Read here, not fetched: the network's process would be one more that a window waits for.
      return new Response(await readFile(file), {
        headers: {
          'Content-Type': type,
          'Content-Security-Policy': contentSecurityPolicy,
          'X-Content-Type-Options': 'nosniff',
        },
      });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}
