import { readFileSync, statSync } from 'node:fs';

/** Names of users. */
export interface Users {
  /** Name of the user that a process belongs to, or the number where it has none; null where the process is gone. */
  userOf(pid: number): string | null;
}

/** Names by number, from the text of /etc/passwd: the first one counts, as for getpwuid(3). */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , uid = ''] = line.split(':');
    if (name === '' || !/^\d+$/.test(uid) || names.has(Number(uid))) continue;
    names.set(Number(uid), name);
  }
  return names;
}

export interface UserFiles {
  /** Throws where the process is gone or hidden. */
  readonly readOwner: (pid: number) => number;
  readonly readPasswd: () => string;
}

const systemFiles: UserFiles = {
  // The folder itself is owned by the effective user, also where what is in it is closed to others.
  readOwner: (pid) => statSync(`/proc/${pid}`).uid,
  readPasswd: () => readFileSync('/etc/passwd', 'utf8'),
};

export function createUsers({ readOwner, readPasswd }: UserFiles = systemFiles): Users {
  let names: ReadonlyMap<number, string> = new Map();
  const nameless = new Set<number>();

  /** A user that is not in what was read may have been added since; one that still is not is not asked for again. */
  function nameOf(uid: number): string {
    if (!names.has(uid) && !nameless.has(uid)) {
      try {
        names = parsePasswd(readPasswd());
      } catch {
        // A container without one.
      }
      if (!names.has(uid)) nameless.add(uid);
    }
    return names.get(uid) ?? String(uid);
  }

  return {
    userOf(pid) {
      try {
        return nameOf(readOwner(pid));
      } catch {
        return null;
      }
    },
  };
}
