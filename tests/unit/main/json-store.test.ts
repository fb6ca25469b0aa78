import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openJsonStore, type JsonStore } from '../../../src/main/json-store.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corescope-store-'));
  path = join(folder, 'colours.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openColours(write?: (path: string, text: string) => Promise<void>): JsonStore<readonly string[]> {
  return openJsonStore<readonly string[]>({
    path,
    schema: z.array(z.string()),
    fallback: ['grey'],
    what: 'colours',
    ...(write === undefined ? {} : { write }),
  });
}

describe('a small file of the app', () => {
  it('has the fallback before it was ever written, and keeps what was set for the next start', async () => {
    const store = openColours();
    expect(store.get()).toEqual(['grey']);
    expect(store.problem()).toBeNull();
    const heard: (readonly string[])[] = [];
    const stop = store.onChange((value) => heard.push(value));
    store.set(['red']);
    stop();
    store.set(['red', 'blue']);
    await store.settled();
    expect(heard).toEqual([['red']]);
    expect(openColours().get()).toEqual(['red', 'blue']);
  });

  it('is kept aside where it is no JSON, and where it holds something else', () => {
    for (const [text, reason] of [
      ['["red"', 'JSON'],
      ['["red", 7]', '1: '],
    ] as const) {
      writeFileSync(path, text);
      const store = openColours();
      expect(store.get()).toEqual(['grey']);
      expect(store.problem()?.kind).toBe('store-broken');
      expect(store.problem()?.message).toContain(reason);
      expect(store.problem()?.advice).toBe(`The file was kept as ${path}.broken.`);
      expect(readFileSync(`${path}.broken`, 'utf8')).toBe(text);
      expect(existsSync(path)).toBe(false);
    }
  });

  it('says that a change could not be written, and takes that back when the next one could', async () => {
    const failures = [new Error('the disk is full')];
    const written: string[] = [];
    const store = openColours((_path, text) => {
      const failure = failures.pop();
      if (failure !== undefined) return Promise.reject(failure);
      written.push(text);
      return Promise.resolve();
    });
    store.set(['red']);
    await store.settled();
    expect(store.get()).toEqual(['red']);
    expect(store.problem()?.message).toContain('the disk is full');
    store.set(['blue']);
    await store.settled();
    expect(store.problem()).toBeNull();
    expect(written).toEqual(['[\n  "blue"\n]\n']);
  });

  it('ends with what was set last, however long each writing takes', async () => {
    const releases: (() => void)[] = [];
    const written: string[] = [];
    const store = openColours(async (_path, text) => {
      await new Promise<void>((resolve) => releases.push(resolve));
      written.push(text);
    });
    store.set(['first']);
    store.set(['last']);
    await Promise.resolve();
    expect(releases).toHaveLength(1);
    releases[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    releases[1]?.();
    await store.settled();
    expect(written.at(-1)).toContain('last');
  });
});
