import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listShelf } from '../../../../src/main/answers/recording-shelf.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'corescope-shelf-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('is empty where the folder has not been made yet', () => {
  expect(listShelf({ folder: join(root, 'later'), budgetBytes: 1e9 })).toMatchObject({
    ok: true,
    value: { entries: [], totalBytes: 0 },
  });
});

it('says what is wrong with a folder that there can never be', () => {
  writeFileSync(join(root, 'notes.txt'), 'a file');
  const folder = join(root, 'notes.txt', 'recordings');
  expect(listShelf({ folder, budgetBytes: 1e9 })).toMatchObject({
    ok: false,
    problem: { message: `${folder} cannot be read: a part of the path is a file.` },
  });
});
