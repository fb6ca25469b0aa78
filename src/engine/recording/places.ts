import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { recordingExtension } from '../../shared/recording.ts';
import { succeed, type Result } from '../../shared/result.ts';
import type { Bytes, UnixMs } from '../../shared/units.ts';
import { fileProblem } from './file-problem.ts';
import { cleanUp, type CleanUp } from './library.ts';

/** What all recordings of the default folder may take together: some days of comparisons, or 20 h of watching. */
export const defaultBudgetBytes: Bytes = 2e9;

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

function ourSurroundings(): Surroundings {
  return { platform: process.platform, environment: process.env, home: homedir() };
}

/**
 * Where recordings go that nobody named a place for: what `CORESCOPE_RECORDINGS` names, else the system's folder for what
 * programs keep for a user.
 */
export function recordingsFolder({ platform, environment, home }: Surroundings = ourSurroundings()): string {
  const chosen = environment['CORESCOPE_RECORDINGS'] ?? '';
  if ((platform === 'win32' ? path.win32 : path.posix).isAbsolute(chosen)) return chosen;
  if (platform === 'win32') {
    const local = environment['LOCALAPPDATA'] ?? path.win32.join(home, 'AppData', 'Local');
    return path.win32.join(local, 'Corescope', 'recordings');
  }
  if (platform === 'darwin') {
    return path.posix.join(home, 'Library', 'Application Support', 'Corescope', 'recordings');
  }
  // A relative one is to be ignored: XDG Base Directory Specification 0.8.
  const given = environment['XDG_DATA_HOME'] ?? '';
  const data = given.startsWith('/') ? given : path.posix.join(home, '.local', 'share');
  return path.posix.join(data, 'corescope', 'recordings');
}

/** A name that tells when and what, and that nothing in the folder has: `2026-11-21 15.40.03 count-loop.corescope`. */
export function nameRecording(
  folder: string,
  title: string,
  startedUnixMs: UnixMs,
  isTaken: (file: string) => boolean = existsSync,
): string {
  const when = new Date(startedUnixMs).toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  // Titles come from command lines: nothing of them may lead to another folder or hide the file.
  const what = title
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}_.+-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 60);
  const stem = what === '' ? when : `${when} ${what}`;
  for (let copy = 1; ; copy += 1) {
    const name = copy === 1 ? stem : `${stem} (${copy})`;
    const file = path.join(folder, `${name}${recordingExtension}`);
    if (!isTaken(file)) return file;
  }
}

/** Makes the folder where it is missing, and removes the oldest unpinned recordings beyond the budget. */
export function prepareFolder(
  folder: string = recordingsFolder(),
  budgetBytes: Bytes = defaultBudgetBytes,
): Result<CleanUp> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    return fileProblem(folder, error, 'written');
  }
  const cleaned = cleanUp(folder, budgetBytes);
  return cleaned.ok ? succeed(cleaned.value) : cleaned;
}
