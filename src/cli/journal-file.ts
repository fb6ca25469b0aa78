import { mkdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  openJournal,
  type Journal,
  type JournalStart,
  type ReadJournal,
} from '../engine/experiment/journal.ts';

/** Where an experiment under way is kept, so that it can be continued after a crash. */
export interface JournalFile {
  readonly path: string;
  readonly journal: Journal;
  /** Takes it away: the experiment is done, and its results are written. */
  remove(): void;
}

/** As the system's conventions have it for what is kept between runs of a program and is no setting. */
export function stateFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = os.homedir(),
): string {
  const join = (...parts: readonly string[]): string =>
    platform === 'win32' ? path.win32.join(...parts) : path.posix.join(...parts);
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Corescope', 'journals');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Corescope', 'journals');
  const state = environment['XDG_STATE_HOME'] ?? '';
  // The specification has relative paths ignored.
  return join(state.startsWith('/') ? state : join(home, '.local', 'state'), 'corescope', 'journals');
}

/** Null where none can be written: the comparison goes on without. */
export function startJournal(start: JournalStart, folder: string = stateFolder()): JournalFile | null {
  const name = `${start.startedAt.replaceAll(/[:.]/g, '-')}-${process.pid}.ndjson`;
  const file = path.join(folder, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return wrap(file, openJournal(file, start));
  } catch {
    return null;
  }
}

/** Goes on where the journal ends. Null where it cannot be written any more. */
export function continueJournal({ path: file }: ReadJournal): JournalFile | null {
  try {
    return wrap(file, openJournal(file, null));
  } catch {
    return null;
  }
}

function wrap(file: string, journal: Journal): JournalFile {
  return {
    path: file,
    journal,
    remove() {
      journal.close();
      rmSync(file, { force: true });
    },
  };
}
