import { randomBytes } from 'node:crypto';

/**
 * The mark of a run in the environment of its host. Everything that the host starts inherits it, wherever it
 * goes: what has left the process group is found by it.
 */
export const cookieName = 'CORESCOPE_RUN';

/**
 * A value for a new run. Where Corescope is itself part of a run (a run's command may start it), the outer mark
 * stays in front: whoever ends the outer run finds what belongs to the inner one as well. All parts are of one
 * length, so no run's value is the beginning of a stranger's.
 */
export function createCookie(inherited: string | undefined): string {
  const own = randomBytes(12).toString('hex');
  return inherited === undefined || inherited === '' ? own : `${inherited}.${own}`;
}

/** Whether an environment, as /proc/PID/environ holds it (entries with a NUL after each), bears this mark. */
export function hasCookie(environment: Buffer, cookie: string): boolean {
  const entry = Buffer.from(`${cookieName}=${cookie}`);
  for (let at = environment.indexOf(entry); at !== -1; at = environment.indexOf(entry, at + 1)) {
    if (at === 0 || environment[at - 1] === 0) return true;
  }
  return false;
}
