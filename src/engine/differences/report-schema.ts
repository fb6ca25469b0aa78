import { z } from 'zod';
import {
  differencesSchemaId,
  rowIds,
  type Advice,
  type DifferenceRow,
  type DifferencesReport,
  type Finding,
} from '../../shared/differences.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { catalogueRuntimes } from '../../shared/workload.ts';
import { experimentSchema, interpreterShape } from '../export/experiment-schema.ts';

const finding = z.object({
  text: z.string(),
  figures: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string() })),
  how: z.string(),
}) satisfies z.ZodType<Finding>;

const row = z.object({
  id: z.enum(rowIds),
  title: z.string(),
  threads: finding,
  processes: finding,
}) satisfies z.ZodType<DifferenceRow>;

const advice = z.object({
  work: z.enum(['cpu', 'io', 'mixed']),
  sentence: z.string(),
}) satisfies z.ZodType<Advice>;

const runtime = z.enum(catalogueRuntimes);

const report = z.object({
  schema: z.literal(differencesSchemaId),
  corescopeVersion: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  machine: experimentSchema.shape.machine,
  workers: z.int().positive(),
  rounds: z.int().positive(),
  runtimes: z.array(
    z.discriminatedUnion('state', [
      z.object({
        state: z.literal('measured'),
        runtime,
        interpreter: interpreterShape.unwrap(),
        rows: z.array(row),
        advice: z.array(advice),
      }),
      z.object({
        state: z.literal('unavailable'),
        runtime,
        problem: z.object({ kind: z.string(), message: z.string(), advice: z.string() }),
      }),
    ]),
  ),
}) satisfies z.ZodType<DifferencesReport>;

/** Two spaces deep, with a line feed at the end. */
export function differencesToJson(differences: DifferencesReport): string {
  return `${JSON.stringify(differences, null, 2)}\n`;
}

/** Reads what `differencesToJson` wrote. */
export function parseDifferences(text: string): Result<DifferencesReport> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = null;
  }
  const parsed = report.safeParse(document);
  if (parsed.success) return succeed(parsed.data);
  return fail(
    'damaged-differences',
    'The table of differences that was kept cannot be read.',
    'Measure again: the file is then written anew.',
  );
}
