import { fail, type Result } from '../../shared/result.ts';
import type { ForeignData } from './foreign.ts';
import { readHyperfine } from './hyperfine.ts';
import { readMprof } from './mprof.ts';
import { readPsrecord } from './psrecord.ts';

export const foreignTools = ['hyperfine', 'psrecord', 'mprof'] as const;
export type ForeignTool = (typeof foreignTools)[number];

/** Reads a file of another tool; which one, the text itself tells unless it is said. `name` is for problems. */
export function importForeign(text: string, name: string, tool?: ForeignTool): Result<ForeignData> {
  switch (tool ?? toolOf(text)) {
    case 'hyperfine':
      return readHyperfine(text, name);
    case 'psrecord':
      return readPsrecord(text, name);
    case 'mprof':
      return readMprof(text, name);
    case null:
      return fail(
        'unknown-import',
        `${name} is of none of the tools that can be read.`,
        'Choose a file of hyperfine --export-json, psrecord --log or mprof run.',
      );
  }
}

function toolOf(text: string): ForeignTool | null {
  const start = text.slice(0, 1000).trimStart();
  if (start.startsWith('{')) return 'hyperfine';
  if (start.startsWith('#')) return 'psrecord';
  return /^(?:CMDLINE|MEM|FUNC|CHLD)\s/.test(start) ? 'mprof' : null;
}
