import type { EnvironmentEntry, ProcessIo, ProcessLimit } from '../../shared/process-facts.ts';

/** Texts of /proc/PID, as proc(5) describes them. */

/** Those that people run into; the rest of them nobody sets. */
const shownLimits: readonly string[] = [
  'cpu time',
  'stack size',
  'core file size',
  'processes',
  'open files',
  'locked memory',
  'address space',
];

/** `limits`: columns of fixed width, so that names may hold spaces. Empty for text that is no such table. */
export function parseLimits(text: string): readonly ProcessLimit[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', soft = '', hard = '', unit = ''] =
      /^Max (\S.*?) {2,}(unlimited|\d+) +(unlimited|\d+) *(\S*) *$/.exec(line) ?? [];
    if (!shownLimits.includes(name)) return [];
    return [{ name, soft: limitValue(soft), hard: limitValue(hard), unit }];
  });
}

function limitValue(text: string): number | null {
  return text === 'unlimited' ? null : Number(text);
}

/** `io`; what is not in it is NaN. */
export function parseIo(text: string): ProcessIo {
  const counted = (name: string): number => {
    const [, digits] = new RegExp(`^${name}: (\\d+)$`, 'm').exec(text) ?? [];
    return digits === undefined ? Number.NaN : Number(digits);
  };
  return {
    readBytes: counted('read_bytes'),
    writtenBytes: counted('write_bytes'),
    askedReadBytes: counted('rchar'),
    askedWrittenBytes: counted('wchar'),
  };
}

/**
 * `cgroup`: of the one hierarchy of version 2, or with version 1 beside it, that which counts memory, which is what
 * containers set apart first. Null where the process is in none.
 */
export function parseControlGroup(text: string): string | null {
  const groups = text.split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.+)$/.exec(line) ?? [];
    return controllers === undefined || path === undefined
      ? []
      : [{ controllers: controllers.split(','), path }];
  });
  const ofController = (name: string): string | undefined =>
    groups.find(({ controllers }) => controllers.includes(name))?.path;
  return ofController('memory') ?? ofController('cpu') ?? ofController('') ?? null;
}

/** `cmdline`: each argument ends with a zero byte. A program that wrote its title over them leaves one text. */
export function parseArguments(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\0+$/, '').split('\0');
}

/** Names whose values open doors: better one too many, since a second question shows it. */
const secretName =
  /pass|_pwd$|secret|token|(^|_)key(_|$)|key$|credential|auth|cookie|private|cert|dsn|salt|signature|webhook|(database|redis|mongo\w*|amqp|postgres\w*|connection)_?(url|uri|string)/i;
/** `https://user:word@host`: whatever the name is. */
const secretValue = /:\/\/[^/\s:@]*:[^/\s@]+@/;

export function looksSecret(name: string, value: string): boolean {
  return secretName.test(name) || secretValue.test(value);
}

/** `environ`. Without `withSecrets` the values of what looks like a secret are left out. */
export function parseEnvironment(text: string, withSecrets: boolean): readonly EnvironmentEntry[] {
  const entries = text.split('\0').flatMap((entry): EnvironmentEntry[] => {
    // A name may begin with "=" (on Windows it does), but is never empty.
    const at = entry.indexOf('=', 1);
    if (at === -1) return [];
    const [name, value] = [entry.slice(0, at), entry.slice(at + 1)];
    return [{ name, value: withSecrets || !looksSecret(name, value) ? value : null }];
  });
  return entries.sort((left, right) => (left.name < right.name ? -1 : Number(left.name > right.name)));
}
