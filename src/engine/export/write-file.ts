import { randomBytes } from 'node:crypto';
import { open, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { fail, succeed, type Result } from '../../shared/result.ts';

/**
 * Whether a file could be written there, asked before minutes are spent on measuring. Nothing is left behind. The
 * folder is asked by creating a file in it, because permission bits alone do not tell (root, read-only mounts,
 * access control lists). Gives back the absolute path.
 */
export async function checkWritable(path: string): Promise<Result<string>> {
  const target = resolve(path);
  const folder = dirname(target);
  const [targetKind, folderKind] = await Promise.all([kindOf(target), kindOf(folder)]);
  if (targetKind === 'folder') {
    return fail('path-is-folder', `${target} is a folder, not a file.`, 'Add a file name to the path.');
  }
  if (targetKind === 'special') {
    // The finished file takes the place of what is there: as root that would do away with /dev/null.
    return fail('path-is-special', `${target} is not a regular file.`, 'Choose the path of a file.');
  }
  if (folderKind === 'nothing') {
    return fail(
      'folder-missing',
      `The folder ${folder} does not exist.`,
      'Create it first, or choose another path.',
    );
  }
  if (folderKind !== 'folder' && folderKind !== 'unknown') {
    return fail('folder-is-file', `${folder} is a file, not a folder.`, 'Choose a path inside a folder.');
  }
  try {
    if (targetKind === 'file' || targetKind === 'unknown') await (await open(target, 'r+')).close();
    const probe = join(folder, `.corescope-${randomBytes(6).toString('hex')}`);
    await (await open(probe, 'wx')).close();
    await unlink(probe);
  } catch (error) {
    return notWritable(target, error);
  }
  return succeed(target);
}

/**
 * Writes the whole file or nothing: into a file beside it first, which then takes the place of the old one. Gives
 * back the absolute path.
 */
export async function writeFileSafely(path: string, content: string | Uint8Array): Promise<Result<string>> {
  const checked = await checkWritable(path);
  if (!checked.ok) return checked;
  try {
    await writeFileAtomic(checked.value, typeof content === 'string' ? content : Buffer.from(content));
  } catch (error) {
    return notWritable(checked.value, error);
  }
  return checked;
}

type PathKind = 'nothing' | 'folder' | 'file' | 'special' | 'unknown';

async function kindOf(path: string): Promise<PathKind> {
  try {
    const entry = await stat(path);
    if (entry.isDirectory()) return 'folder';
    return entry.isFile() ? 'file' : 'special';
  } catch (error) {
    // ENOTDIR: a parent is a file. Whatever else goes wrong (EACCES, ELOOP) shows when the file is opened.
    return ['ENOENT', 'ENOTDIR'].includes(codeOf(error)) ? 'nothing' : 'unknown';
  }
}

function notWritable(target: string, error: unknown): Result<string> {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'permission was denied',
    EPERM: 'permission was denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    ENAMETOOLONG: 'the name is too long',
  };
  const code = codeOf(error);
  const reason = reasons[code] ?? (code === '' ? String(error) : `the system said ${code}`);
  return fail('not-writable', `${target} cannot be written: ${reason}.`, 'Choose another path.');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
