import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHeldFiles } from '../../../../../src/engine/sampler/linux/held-files.ts';
import { createHeldTexts, createKnownTexts } from '../../../../../src/engine/sampler/linux/known-texts.ts';

describe('Known texts', () => {
  const files = new Map<string, string>();
  const known = createKnownTexts((path) => files.get(path) ?? null);

  beforeEach(() => {
    files.clear();
    known.forget();
  });

  it('have not changed while every file says what it said', () => {
    files.set('/quota', 'max 100000\n');

    expect(known.read('/quota')).toBe('max 100000\n');
    expect(known.read('/nowhere')).toBeNull();
    expect(known.haveChanged()).toBe(false);
  });

  it('have changed when a file says something else, comes or goes', () => {
    files.set('/quota', 'max 100000\n');
    known.read('/quota');
    known.read('/nowhere');

    files.set('/quota', '50000 100000\n');
    expect(known.haveChanged()).toBe(true);
    files.set('/quota', 'max 100000\n');
    expect(known.haveChanged()).toBe(false);
    files.set('/nowhere', '');
    expect(known.haveChanged()).toBe(true);
    files.clear();
    expect(known.haveChanged()).toBe(true);
  });

  it('of a line are not changed by the other lines of its file', () => {
    files.set('/status', 'Name:\ta\nCpus_allowed_list:\t0-1\nswitches:\t5\n');
    expect(known.readLine('/status', 'Cpus_allowed_list:')).toBe('\t0-1');

    files.set('/status', 'Name:\tb\nCpus_allowed_list:\t0-1\nswitches:\t6\n');
    expect(known.haveChanged()).toBe(false);
    files.set('/status', 'Name:\tb\nCpus_allowed_list:\t0\nswitches:\t6\n');
    expect(known.haveChanged()).toBe(true);
  });

  it('find a line at the beginning, at the end, and only as a whole label', () => {
    files.set('/first', 'Cpus: 1\nelse');
    files.set('/last', 'else\nCpus: 2');
    files.set('/inside', 'all Cpus: 3\n');

    expect(known.readLine('/first', 'Cpus:')).toBe(' 1');
    expect(known.readLine('/last', 'Cpus:')).toBe(' 2');
    expect(known.readLine('/inside', 'Cpus:')).toBeNull();
    expect(known.readLine('/nowhere', 'Cpus:')).toBeNull();
  });

  it('are forgotten, so that what was read before does not count', () => {
    files.set('/quota', 'max 100000\n');
    known.read('/quota');
    known.forget();
    files.set('/quota', '50000 100000\n');

    expect(known.haveChanged()).toBe(false);
  });
});

describe('Held texts', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'corescope-held-texts-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('are what the file says now, through a descriptor that stays open', () => {
    const files = createHeldFiles({ capacity: 10 });
    const texts = createHeldTexts(files);
    const path = join(folder, 'quota');
    writeFileSync(path, 'max 100000\n');

    expect(texts.read(path)).toBe('max 100000\n');
    writeFileSync(path, '50000 100000\n');
    expect(texts.read(path)).toBe('50000 100000\n');
    expect(texts.read(join(folder, 'nowhere'))).toBeNull();
    expect(files.openCount).toBe(1);
    texts.close();
    expect(files.openCount).toBe(0);
  });
});
