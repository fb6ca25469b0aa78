import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  openJournal,
  readJournal,
  type Journal,
  type JournalStart,
  type ReadJournal,
} from '../engine/experiment/journal.ts';
import { isProcess } from '../engine/processes/is-process.ts';

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

/** More are not looked through at the start of every comparison. */
const mostLookedThrough = 20;

/**
 * The newest journal of the same plan, whatever its seed, that nobody writes any more: of a comparison that was killed
 * or cancelled. Null where there is none.
 */
export function findBrokenOff(
  plan: JournalStart['plan'],
  folder: string = stateFolder(),
  isRunning: (pid: number) => boolean = isProcess,
): ReadJournal | null {
  for (const name of listJournals(folder)) {
    const pid = Number(/-(\d+)\.ndjson$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    const journal = readJournal(path.join(folder, name));
    if (!journal.ok || journal.value.entries.length === 0) continue;
    if (isDeepStrictEqual({ ...journal.value.plan, seed: 0 }, { ...plan, seed: 0 })) return journal.value;
  }
  return null;
}

/** Newest first: their names begin with the time. */
function listJournals(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted().toReversed().slice(0, mostLookedThrough);
  } catch {
    return [];
  }
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
