import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';
import { pageFile } from './page-file.ts';

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
    if (file === null) return new Response('Not found', { status: 404 });
    try {
      const response = await net.fetch(pathToFileURL(file).href);
      const headers = new Headers(response.headers);
      headers.set('Content-Security-Policy', contentSecurityPolicy);
      headers.set('X-Content-Type-Options', 'nosniff');
      return new Response(response.body, { status: response.status, headers });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}
