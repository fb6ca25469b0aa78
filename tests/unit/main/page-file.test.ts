import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentTypeOf, pageFile } from '../../../src/main/page-file.ts';

const folder = join('/', 'opt', 'corescope', 'out', 'renderer');

describe('the files that a page may load', () => {
  it('are those of its own folder', () => {
    expect(pageFile(folder, 'app', 'corescope://app/index.html')).toBe(join(folder, 'index.html'));
    expect(pageFile(folder, 'app', 'corescope://app/assets/a%20b.js?v=1#x')).toBe(
      join(folder, 'assets', 'a b.js'),
    );
  });

  it.each([
    ['another host', 'corescope://elsewhere/index.html'],
    ['an encoded climb', 'corescope://app/..%2f..%2fpackage.json'],
    ['an encoded backslash climb', 'corescope://app/%2e%2e%2f%2e%2e%2fmain/index.js'],
    ['a null byte', 'corescope://app/index.html%00.png'],
    ['a broken escape', 'corescope://app/%E0%A4%A'],
    ['no URL at all', 'index.html'],
  ])('are not reached through %s', (_name, url) => {
    expect(pageFile(folder, 'app', url)).toBeNull();
  });

  it('are never outside the folder, whatever the path', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('..', '.', '%2e%2e', '%2f', '%5c', '/', 'a', '~', '%00'), { maxLength: 12 }),
        (parts) => {
          const file = pageFile(folder, 'app', `corescope://app/${parts.join('/')}`);
          expect(file === null || file.startsWith(join(folder, '/'))).toBe(true);
        },
      ),
    );
  });
});

describe('the kinds of files of the page', () => {
  it.each([
    ['/page/index.html', 'text/html; charset=utf-8'],
    ['/page/assets/index-5o.js', 'text/javascript; charset=utf-8'],
    ['/page/assets/inter.woff2', 'font/woff2'],
    ['/page/secrets.env', null],
    ['/page/html', null],
  ])('%s is %s', (file, type) => {
    expect(contentTypeOf(file)).toBe(type);
  });
});
