import { isAbsolute, resolve } from 'node:path';

/** What Corescope opens by itself: recordings, and work that can be compared. */
const openable = /\.(corescope|[cm]?[jt]s|py)$/i;

/**
 * The files that a command line of the app names, as absolute paths. Besides them it has switches of ours and of
 * Chromium's and, where the app is not packaged, the folder or script that Electron was given to run, which is the
 * first word that is not a switch.
 */
export function filesInArguments(
  argv: readonly string[],
  workingFolder: string,
  isPackaged: boolean,
): readonly string[] {
  const words = argv.slice(1).filter((word) => !word.startsWith('-'));
  return words
    .slice(isPackaged ? 0 : 1)
    .filter((word) => openable.test(word))
    .map((word) => (isAbsolute(word) ? word : resolve(workingFolder, word)));
}
