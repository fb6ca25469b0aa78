import { z } from 'zod';
import type { RunOutput } from '../runner/output-capture.ts';

const mark = 'corescope-probe:';
const figures = z.record(z.string(), z.number());

/** The figures that a probe printed on its line; nothing where there is no such line. */
export function readProbeFigures(output: RunOutput | null): Readonly<Record<string, number>> {
  const text = output === null ? '' : `${output.stdout.head}\n${output.stdout.tail}`;
  const line = text.split(/\r?\n/).find((candidate) => candidate.startsWith(mark));
  if (line === undefined) return {};
  try {
    return figures.safeParse(JSON.parse(line.slice(mark.length))).data ?? {};
  } catch {
    return {};
  }
}
