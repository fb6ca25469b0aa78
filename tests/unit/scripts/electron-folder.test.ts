import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  executableInside,
  inspectDistribution,
  inspectLinked,
  linkDistribution,
  unlinkDistribution,
} from '../../../scripts/setup/electron-folder.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corescope-electron-folder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A folder that looks like Electron's distribution from outside. */
function writeDistribution(name: string, version: string | null): string {
  const distribution = join(folder, name);
  const executable = join(distribution, executableInside());
  mkdirSync(join(executable, '..'), { recursive: true });
  writeFileSync(executable, '#!/bin/sh\n');
  chmodSync(executable, 0o755);
  if (version !== null) writeFileSync(join(distribution, 'version'), version);
  return distribution;
}

function makePackageFolder(): string {
  const packageFolder = join(folder, 'electron');
  mkdirSync(packageFolder);
  return packageFolder;
}

describe('an Electron distribution', () => {
  it('has its version read without the v that old ones put before it', () => {
    expect(inspectDistribution(writeDistribution('dist', 'v33.2.1\n'))?.version).toBe('33.2.1');
  });

  it('may not say which version it is', () => {
    expect(inspectDistribution(writeDistribution('dist', null))?.version).toBeNull();
  });

  it('is none without an executable', () => {
    const distribution = writeDistribution('dist', '33.2.1');
    rmSync(join(distribution, executableInside()));
    expect(inspectDistribution(distribution)).toBeNull();
  });

  it.each([
    ['linux', 'electron'],
    ['win32', 'electron.exe'],
    ['darwin', 'Electron.app/Contents/MacOS/Electron'],
  ] as const)('on %s has its executable at %s', (platform, path) => {
    expect(executableInside(platform)).toBe(path);
  });
});

describe('node_modules/electron', () => {
  it('leads to a distribution once it is linked', () => {
    const packageFolder = makePackageFolder();
    expect(inspectLinked(packageFolder)).toBeNull();
    linkDistribution(writeDistribution('cache', '33.2.1'), packageFolder);
    expect(inspectLinked(packageFolder)).toEqual({
      executable: join(packageFolder, 'dist', executableInside()),
      version: '33.2.1',
    });
  });

  it('gets a path.txt without a newline, for Electron reads it as it is', () => {
    const packageFolder = makePackageFolder();
    linkDistribution(writeDistribution('cache', '33.2.1'), packageFolder);
    expect(readFileSync(join(packageFolder, 'path.txt'), 'utf8')).toBe(executableInside());
  });

  it('can be linked again over a link that leads nowhere', () => {
    const packageFolder = makePackageFolder();
    const gone = writeDistribution('gone', '1.0.0');
    linkDistribution(gone, packageFolder);
    rmSync(gone, { recursive: true });
    expect(inspectLinked(packageFolder)).toBeNull();
    linkDistribution(writeDistribution('cache', '33.2.1'), packageFolder);
    expect(inspectLinked(packageFolder)?.version).toBe('33.2.1');
  });

  it('does not count as linked while a distribution is still being unpacked, before path.txt', () => {
    const packageFolder = makePackageFolder();
    writeDistribution(join('electron', 'dist'), '45.4.1');
    expect(inspectLinked(packageFolder)).toBeNull();
  });

  it('is unlinked without touching the distribution in the cache', () => {
    const packageFolder = makePackageFolder();
    const cached = writeDistribution('cache', '33.2.1');
    linkDistribution(cached, packageFolder);
    expect(lstatSync(join(packageFolder, 'dist')).isSymbolicLink()).toBe(true);
    unlinkDistribution(packageFolder);
    expect(existsSync(join(packageFolder, 'dist'))).toBe(false);
    expect(inspectDistribution(cached)?.version).toBe('33.2.1');
  });
});
