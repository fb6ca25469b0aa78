import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import type { Fact, ProcessFacts, ProcessFactsRequests } from '../../shared/process-facts.ts';
import type { ProcessIdentity } from '../../shared/process-requests.ts';
import { succeed, type Result } from '../../shared/result.ts';
import type { ListedProcess } from '../../shared/watch-requests.ts';
import { findSame, gone } from './act-on-process.ts';
import { summarizeMappings } from './facts-memory.ts';
import { parseArguments, parseControlGroup, parseEnvironment, parseIo, parseLimits } from './facts-text.ts';
import { parseListedStat } from './listed-stat.ts';

/** Answers about one process, each read anew. */
export type ProcessFactsReader = {
  readonly [Channel in keyof ProcessFactsRequests]: (
    wish: ProcessFactsRequests[Channel]['request'],
  ) => Promise<Result<ProcessFactsRequests[Channel]['response']>>;
};

/** Command lines may be megabytes long; nobody reads more of one than this. */
const argumentsLimitBytes = 65_536;

export function createProcessFacts(list: () => Promise<readonly ListedProcess[]>): ProcessFactsReader {
  /** Reads when it is still the same process, and gives away nothing of one that took its number meanwhile. */
  async function read<Value>(
    wish: ProcessIdentity,
    readIt: (found: ListedProcess) => Value,
  ): Promise<Result<Value>> {
    const found = findSame(await list(), wish);
    if (!found.ok) return found;
    const value = readIt(found.value);
    return hasStayed(found.value) ? succeed(value) : gone(wish.pid, null);
  }

  return {
    'process:facts': (wish) => read(wish, factsOf),
    'process:environment': (wish) =>
      read(wish, (found) =>
        mapFact(readText(found, 'environ'), (text) => parseEnvironment(text, wish.withSecrets)),
      ),
    'process:memory-map': (wish) =>
      read(wish, (found) => mapFact(readText(found, 'smaps'), summarizeMappings)),
  };
}

function hasStayed({ pid, startMark }: ListedProcess): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return parseListedStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.startTicks === startMark;
  } catch {
    return false;
  }
}

function factsOf(found: ListedProcess): ProcessFacts {
  const controlGroup = mapFact(readText(found, 'cgroup'), parseControlGroup);
  return {
    arguments: mapFact(
      tryRead(found, () => readStart(`/proc/${found.pid}/cmdline`, argumentsLimitBytes)),
      parseArguments,
    ),
    executable: tryRead(found, () => readlinkSync(`/proc/${found.pid}/exe`)),
    workingFolder: tryRead(found, () => readlinkSync(`/proc/${found.pid}/cwd`)),
    user: found.user,
    controlGroup:
      'value' in controlGroup && controlGroup.value === null
        ? { whyNot: 'it is in none' }
        : mapFact(controlGroup, (path) => path ?? ''),
    openFiles: tryRead(found, () => readdirSync(`/proc/${found.pid}/fd`).length),
    limits: mapFact(readText(found, 'limits'), parseLimits),
    io: mapFact(readText(found, 'io'), parseIo),
  };
}

function readText(found: ListedProcess, name: string): Fact<string> {
  return tryRead(found, () => readFileSync(`/proc/${found.pid}/${name}`, 'utf8'));
}

function tryRead<Value>({ user }: ListedProcess, readIt: () => Value): Fact<Value> {
  if (process.platform !== 'linux') return { whyNot: 'only Linux tells it' };
  try {
    return { value: readIt() };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES' || code === 'EPERM') {
      return { whyNot: `it belongs to ${user ?? 'another user'}, and may not be read` };
    }
    return { whyNot: code === 'ENOENT' || code === 'ESRCH' ? 'this system does not tell it' : String(error) };
  }
}

function mapFact<From, To>(fact: Fact<From>, map: (value: From) => To): Fact<To> {
  return 'value' in fact ? { value: map(fact.value) } : fact;
}

/** Not more than so many bytes of it. */
function readStart(path: string, mostBytes: number): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(mostBytes);
    let length = 0;
    // /proc hands out a page at a time.
    for (let got = -1; got !== 0 && length < mostBytes; length += got) {
      got = readSync(file, bytes, length, mostBytes - length, null);
    }
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
