import { z } from 'zod';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { ForeignTimings } from './foreign.ts';

const seconds = z.number().nonnegative();

/** `--export-json` of hyperfine 1.0 to 1.20. Memory, which later ones tell, is per run and is left out. */
const document = z.object({
  results: z.array(
    z.object({
      command: z.string(),
      mean: seconds,
      stddev: seconds.nullable().default(null),
      median: seconds,
      user: seconds.nullable().default(null),
      system: seconds.nullable().default(null),
      min: seconds,
      max: seconds,
      times: z.array(seconds).default([]),
      exit_codes: z.array(z.int().nullable()).default([]),
      parameters: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
    }),
  ),
});

/** Fails where the text is no JSON, or other JSON. `name` is what the problem calls the file. */
export function readHyperfine(text: string, name: string): Result<ForeignTimings> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail(
      'not-hyperfine',
      `${name} is not whole JSON.`,
      'Choose a file that hyperfine --export-json has written.',
    );
  }
  const parsed = document.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.map(String).join('.') ?? '';
    return fail(
      'not-hyperfine',
      `${name} is not an export of hyperfine: ${where === '' ? 'its top' : where}: ${issue?.message ?? 'it cannot be read'}.`,
      'Choose a file that hyperfine --export-json has written.',
    );
  }
  const toMs = (value: number): number => value * 1000;
  return succeed({
    kind: 'timings',
    tool: 'hyperfine',
    results: parsed.data.results.map((result) => ({
      command: result.command,
      parameters: Object.fromEntries(
        Object.entries(result.parameters).map(([parameter, value]) => [parameter, String(value)]),
      ),
      wallMs: result.times.map(toMs),
      meanMs: toMs(result.mean),
      deviationMs: result.stddev === null ? null : toMs(result.stddev),
      medianMs: toMs(result.median),
      minMs: toMs(result.min),
      maxMs: toMs(result.max),
      userMs: result.user === null ? null : toMs(result.user),
      systemMs: result.system === null ? null : toMs(result.system),
      exitCodes: result.exit_codes,
    })),
    notes: [
      'hyperfine runs one command after the other and not interleaved: a drift of the machine is in their difference.',
    ],
  });
}
