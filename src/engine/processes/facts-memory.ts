import { mappingKinds, type MappingKind, type MappingSum } from '../../shared/process-facts.ts';
import type { Bytes } from '../../shared/units.ts';

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** What of a mapping's lines goes into which sum. */
const sumOfLine: Readonly<Record<string, 'rssBytes' | 'pssBytes' | 'privateBytes' | 'swapBytes'>> = {
  Rss: 'rssBytes',
  Pss: 'pssBytes',
  Private_Clean: 'privateBytes',
  Private_Dirty: 'privateBytes',
  Swap: 'swapBytes',
};

const heading = /^[0-9a-f]+-[0-9a-f]+ ([r-][w-][x-][ps]) [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ \d+ *(.*)$/;
const figure = /^(\w+): +(\d+) kB$/;

/**
 * The sums over `/proc/PID/smaps`, by kind, in the order of `mappingKinds`. Stacks of threads other than the first are
 * anonymous to the kernel, and so are the heaps of allocators that map memory themselves.
 */
export function summarizeMappings(text: string): readonly MappingSum[] {
  const sums = new Map<MappingKind, Mutable<MappingSum>>();
  let sum: Mutable<MappingSum> | null = null;
  for (const line of text.split('\n')) {
    const [, name, kilobytes] = figure.exec(line) ?? [];
    if (name !== undefined) {
      if (sum === null) continue;
      const bytes = Number(kilobytes) * 1024;
      if (name === 'Size') sum.virtualBytes += bytes;
      const into = sumOfLine[name];
      if (into !== undefined) sum[into] += bytes;
      continue;
    }
    const [, rights, path] = heading.exec(line) ?? [];
    if (rights === undefined || path === undefined) continue;
    const kind = kindOf(rights, path);
    sum = sums.get(kind) ?? emptySum(kind);
    sum.mappings += 1;
    sums.set(kind, sum);
  }
  return mappingKinds.flatMap((kind) => sums.get(kind) ?? []);
}

function emptySum(kind: MappingKind): Mutable<MappingSum> {
  const none: Bytes = 0;
  return {
    ...{ kind, mappings: 0, virtualBytes: none, rssBytes: none },
    ...{ pssBytes: none, privateBytes: none, swapBytes: none },
  };
}

/** What looks like a file, and is memory that processes share. */
const sharedMemory = /^\/(dev\/zero|dev\/shm\/|memfd:|SYSV)/;

/** `rights` as in `rw-p`: p for private, s for shared with whoever maps the same. */
function kindOf(rights: string, path: string): MappingKind {
  if (path === '[heap]') return 'heap';
  if (/^\[stack/.test(path)) return 'stack';
  if (/^\[(vdso|vvar|vsyscall|uprobes)/.test(path)) return 'kernel';
  if (rights.endsWith('s') && (sharedMemory.test(path) || !path.startsWith('/'))) return 'shared';
  return path.startsWith('/') ? 'file' : 'anonymous';
}
