import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { controlText, readWords } from '../../../packaging/linux/fpm-by-dpkg-deb.mjs';
import { findOnPath } from '../../../scripts/setup/apt.mjs';

/** As electron-builder 26 puts it. */
function fpmWords(folder: string): string[] {
  return [
    ...['-s', 'dir', '--force', '-t', 'deb', '-d', 'libnss3', '-d', 'libgbm1 | libgbm2'],
    ...['--deb-recommends', 'python3', '--deb-compression', 'xz', '--architecture', 'amd64'],
    ...['--after-install', `${folder}/after`, '--description', 'Short\n Longer.', '--version', '1.2.3'],
    ...['--package', `${folder}/a.deb`, '--name', 'corescope', '--maintainer', 'M <m@localhost>'],
    ...['--vendor', 'V', '--url', 'https://corescope.invalid/', '--category', 'devel'],
    ...['--deb-priority', 'optional', '--license', 'MIT', `${folder}/app/=/opt/Corescope`],
    `${folder}/tool=/usr/bin/corescope`,
  ];
}

test('the words of electron-builder become the fields of a Debian package', () => {
  const { options, files } = readWords(fpmWords('/x'));
  expect(controlText(options, 42)).toBe(
    [
      'Package: corescope',
      'Version: 1.2.3',
      'Architecture: amd64',
      'Section: devel',
      'Priority: optional',
      'Installed-Size: 42',
      'Maintainer: M <m@localhost>',
      'Depends: libnss3, libgbm1 | libgbm2',
      'Recommends: python3',
      'Description: Short',
      ' Longer.',
      '',
    ].join('\n'),
  );
  expect(files).toEqual([
    { from: '/x/app/', to: '/opt/Corescope' },
    { from: '/x/tool', to: '/usr/bin/corescope' },
  ]);
});

test.skipIf(findOnPath('dpkg-deb') === null)(
  'its files lie where they were asked for, and belong to root',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'corescope-deb-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(path.join(folder, 'app/inner'), { recursive: true });
    writeFileSync(path.join(folder, 'app/inner/page'), 'a page', { mode: 0o600 });
    writeFileSync(path.join(folder, 'tool'), '#!/bin/sh\n', { mode: 0o700 });
    writeFileSync(path.join(folder, 'after'), '#!/bin/sh\n');
    execFileSync(process.execPath, ['packaging/linux/fpm-by-dpkg-deb.mjs', ...fpmWords(folder)], {
      stdio: 'pipe',
    });
    const listing = execFileSync('dpkg-deb', ['-c', path.join(folder, 'a.deb')], { encoding: 'utf8' });
    const rows = listing
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map(([mode, owner, , , , name]) => `${mode ?? ''} ${owner ?? ''} ${name ?? ''}`);
    expect(rows).toContain('-rw-r--r-- root/root ./opt/Corescope/inner/page');
    expect(rows).toContain('-rwxr-xr-x root/root ./usr/bin/corescope');
  },
);
