import { fail, succeed, type Result } from '../../shared/result.ts';
import { bytesPerMebibyte, type ForeignSeries } from './foreign.ts';

interface Samples {
  readonly unixMs: number[];
  readonly bytes: number[];
}

/**
 * `mprof run` of memory_profiler: `CMDLINE …`, then `MEM mebibytes unix-seconds` of the process, with `-M` also
 * `CHLD pid mebibytes unix-seconds`, and `FUNC name mebibytes from mebibytes to [level]` of functions with `@profile`.
 */
export function readMprof(text: string, name: string): Result<ForeignSeries> {
  let command: string | null = null;
  const own: Samples = { unixMs: [], bytes: [] };
  const children = new Map<string, Samples>();
  const spans: { name: string; from: number; to: number }[] = [];
  const notes = ["mprof's memory is resident, and counts shared pages in every process."];
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [word = '', ...rest] = line.trim().split(/\s+/);
    const isUnderstood = ((): boolean => {
      switch (word) {
        case 'CMDLINE':
          command = line.trim().slice('CMDLINE'.length).trim();
          return true;
        case 'MEM':
          return add(own, rest);
        case 'CHLD': {
          const [pid = '', ...figures] = rest;
          const samples = children.get(pid) ?? { unixMs: [], bytes: [] };
          children.set(pid, samples);
          return add(samples, figures);
        }
        case 'FUNC': {
          const [func = '', , from, , to] = rest;
          const [start, end] = [Number(from) * 1000, Number(to) * 1000];
          if (!Number.isFinite(start) || !Number.isFinite(end)) return false;
          spans.push({ name: func, from: start, to: end });
          return true;
        }
        default:
          return false;
      }
    })();
    if (isUnderstood) continue;
    if (index === 0) {
      return fail(
        'not-mprof',
        `${name} does not begin as a file of mprof does ("CMDLINE …" or "MEM …").`,
        'Choose a file that mprof run has written.',
      );
    }
    if (index < lines.length - 1) {
      return fail(
        'damaged-mprof',
        `Line ${index + 1} of ${name} cannot be read: "${line.slice(0, 60)}".`,
        'Remove the line, or record again.',
      );
    }
    notes.push('The last line is cut off and was left out.');
  }
  const all = [own, ...children.values()].filter(({ unixMs }) => unixMs.length > 0);
  const startedUnixMs = all.length === 0 ? null : Math.min(...all.map(({ unixMs }) => unixMs[0] ?? Infinity));
  const since = (unixMs: number): number => unixMs - (startedUnixMs ?? 0);
  const column = (title: string, { unixMs, bytes }: Samples) => ({
    name: title,
    unit: 'bytes' as const,
    atMs: unixMs.map(since),
    values: bytes,
  });
  return succeed({
    kind: 'series',
    tool: 'mprof',
    command,
    startedUnixMs,
    series: [
      column('RSS', own),
      ...[...children].map(([pid, samples]) => column(`RSS of child ${pid}`, samples)),
    ],
    spans: spans.map(({ name: func, from, to }) => ({ name: func, fromMs: since(from), toMs: since(to) })),
    notes,
  });
}

function add({ unixMs, bytes }: Samples, [mebibytes, seconds, ...more]: readonly string[]): boolean {
  const [memory, at] = [Number(mebibytes), Number(seconds)];
  if (!Number.isFinite(memory) || !Number.isFinite(at) || more.length > 0) return false;
  unixMs.push(at * 1000);
  bytes.push(memory * bytesPerMebibyte);
  return true;
}
