import { mkdtemp, mkdir, readFile, readdir, rm, writeFile, chmod, chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkWritable, writeFileSafely } from '../../../../src/engine/export/write-file.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corescope-write-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function problemOf(path: string): Promise<string> {
  const checked = await checkWritable(path);
  return checked.ok
    ? 'fine'
    : `${checked.problem.kind}: ${checked.problem.message} ${checked.problem.advice}`;
}

describe('checking a path', () => {
  it('accepts a new file and one that is there, gives the absolute path, and leaves nothing behind', async () => {
    const path = join(folder, 'out.json');
    expect(await checkWritable(path)).toEqual({ ok: true, value: path });
    expect(await readdir(folder)).toEqual([]);
    await writeFile(path, 'old');
    expect(await checkWritable(join(folder, '.', 'out.json'))).toEqual({ ok: true, value: path });
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it('refuses a folder, a missing folder, and a file in place of a folder', async () => {
    await mkdir(join(folder, 'inner'));
    await writeFile(join(folder, 'file'), '');
    expect(await problemOf(join(folder, 'inner'))).toBe(
      `path-is-folder: ${folder}/inner is a folder, not a file. Add a file name to the path.`,
    );
    expect(await problemOf(join(folder, 'missing', 'out.json'))).toBe(
      `folder-missing: The folder ${folder}/missing does not exist. Create it first, or choose another path.`,
    );
    expect(await problemOf(join(folder, 'file', 'out.json'))).toBe(
      `folder-is-file: ${folder}/file is a file, not a folder. Choose a path inside a folder.`,
    );
  });

  it('refuses a device, which the finished file would take the place of', async () => {
    expect(await problemOf('/dev/null')).toBe(
      'path-is-special: /dev/null is not a regular file. Choose the path of a file.',
    );
    expect(await writeFileSafely('/dev/null', 'text')).toMatchObject({ ok: false });
  });

  it('refuses where the system lets nobody create a file, not even root', async () => {
    expect(await problemOf('/proc/corescope.json')).toMatch(
      /^not-writable: \/proc\/corescope\.json cannot be written: /,
    );
  });

  it('refuses where permission is missing', async () => {
    await mkdir(join(folder, 'locked'));
    await writeFile(join(folder, 'read-only.json'), 'old');
    await chmod(join(folder, 'read-only.json'), 0o444);
    await chmod(join(folder, 'locked'), 0o555);
    await asOrdinaryUser(async () => {
      expect(await problemOf(join(folder, 'locked', 'out.json'))).toBe(
        `not-writable: ${folder}/locked/out.json cannot be written: permission was denied. Choose another path.`,
      );
      expect(await problemOf(join(folder, 'read-only.json'))).toMatch(/permission was denied/);
      expect(await problemOf(join(folder, 'out.json'))).toBe('fine');
    });
  });
});

describe('writing a file', () => {
  it('replaces the old one as a whole and leaves no temporary file', async () => {
    const path = join(folder, 'out.json');
    await writeFile(path, 'old and longer');
    expect(await writeFileSafely(path, 'new')).toEqual({ ok: true, value: path });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await writeFileSafely(path, Uint8Array.of(0xe2, 0x82, 0xac))).toEqual({ ok: true, value: path });
    expect(await readFile(path, 'utf8')).toBe('€');
    expect(await readdir(folder)).toEqual(['out.json']);
  });

  it('keeps the old file where the new one cannot be written', async () => {
    const path = join(folder, 'out.json');
    await writeFile(path, 'old');
    await chmod(path, 0o444);
    await asOrdinaryUser(async () => {
      expect(await writeFileSafely(path, 'new')).toMatchObject({
        ok: false,
        problem: { kind: 'not-writable' },
      });
    });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['out.json']);
  });
});

/** Root passes every permission check, so a test that runs as root becomes nobody for a while. */
async function asOrdinaryUser(action: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) {
    await action();
    return;
  }
  const nobody = 65_534;
  await chown(folder, nobody, nobody);
  process.seteuid(nobody);
  try {
    await action();
  } finally {
    process.seteuid(0);
  }
}
