import { readFile } from 'node:fs/promises';
import Table from 'cli-table3';
import type { ForeignColumn, ForeignData } from '../engine/import/foreign.ts';
import { foreignTools, importForeign } from '../engine/import/index.ts';
import { fileProblem } from '../engine/recording/file-problem.ts';
import { formatBytes, formatCores, formatDuration } from '../shared/format.ts';
import { fail } from '../shared/result.ts';
import { printable } from './recording-files.ts';
import { exitCodes, printNote, printProblem, type Terminal } from './terminal.ts';

/** Shows what another tool measured, in our words and units. Answers the exit code. */
export async function importFile(
  path: string,
  options: { readonly tool?: string | undefined; readonly json?: true | undefined },
  terminal: Terminal,
): Promise<number> {
  const tool = foreignTools.find((name) => name === options.tool);
  if (options.tool !== undefined && tool === undefined) {
    const { problem } = fail(
      'unknown-tool',
      `--tool ${options.tool} is none of the tools that can be read.`,
      `Choose one of: ${foreignTools.join(', ')}.`,
    );
    printProblem(terminal, problem);
    return exitCodes.badInput;
  }
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    printProblem(terminal, fileProblem(path, error, 'read').problem);
    return exitCodes.badInput;
  }
  const read = importForeign(text, path, tool);
  if (!read.ok) {
    printProblem(terminal, read.problem);
    return exitCodes.badInput;
  }
  const shown = options.json === true ? JSON.stringify(read.value, null, 2) : describe(read.value);
  terminal.out.write(`${shown}\n`);
  for (const note of read.value.notes) printNote(terminal, note);
  return exitCodes.success;
}

function describe(data: ForeignData): string {
  const style = { head: [], border: [], compact: true };
  if (data.kind === 'timings') {
    const table = new Table({ head: ['command', 'runs', 'median', 'mean', 'min', 'max', 'CPU'], style });
    for (const result of data.results) {
      const { userMs, systemMs } = result;
      table.push([
        printable(result.command),
        result.wallMs.length,
        formatDuration(result.medianMs),
        formatDuration(result.meanMs),
        formatDuration(result.minMs),
        formatDuration(result.maxMs),
        formatDuration(userMs === null || systemMs === null ? null : userMs + systemMs),
      ]);
    }
    return table.toString();
  }
  const table = new Table({ head: ['series', 'samples', 'length', 'mean', 'most'], style });
  for (const column of data.series) table.push(seriesCells(column));
  const title = data.command === null ? data.tool : `${data.tool}: ${printable(data.command)}`;
  return `${title}\n${table.toString()}`;
}

function seriesCells({ name, unit, atMs, values }: ForeignColumn): string[] {
  const format = unit === 'bytes' ? formatBytes : formatCores;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const most = values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  const lengthMs = (atMs.at(-1) ?? Number.NaN) - (atMs[0] ?? Number.NaN);
  return [printable(name), String(values.length), formatDuration(lengthMs), format(mean), format(most)];
}
