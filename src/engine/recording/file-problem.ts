import { fail, type Failure } from '../../shared/result.ts';

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const reasons: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  EACCES: ['permission was denied', 'Change its permissions, or choose another path.'],
  EPERM: ['permission was denied', 'Change its permissions, or choose another path.'],
  EROFS: ['the file system is read-only', 'Choose another path.'],
  ENOSPC: ['the disk is full', 'Free some space, or record to another disk.'],
  EDQUOT: ['the disk quota is used up', 'Free some space, or record to another disk.'],
  EFBIG: ['the file has become too large', 'Begin a new recording.'],
  ENOENT: ['it does not exist', 'Check the path.'],
  ENOTDIR: ['a part of the path is a file', 'Check the path.'],
  EISDIR: ['it is a folder', 'Choose the path of a file.'],
  EEXIST: ['it exists already', 'Choose another path, or remove it first.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name.'],
};

/** What went wrong with a file, said so that the user can do something. `done`: `read`, `written` … */
export function fileProblem(path: string, error: unknown, done: string): Failure {
  const code = codeOf(error);
  const [reason, advice] = reasons[code] ?? [
    code === '' ? String(error) : `the system said ${code}`,
    'Try again, or choose another path.',
  ];
  return fail(`recording-not-${done}`, `${path} cannot be ${done}: ${reason}.`, advice);
}
