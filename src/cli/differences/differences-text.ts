import Table from 'cli-table3';
import type { DifferencesReport, Finding, RuntimeDifferences } from '../../shared/differences.ts';
import {
  describeSetting,
  interpreterTitle,
  runtimeNames,
  workNames,
} from '../../shared/differences-words.ts';
import type { Colours } from '../terminal.ts';
import { noLines } from '../../engine/export/table-lines.ts';
import { wrap } from '../../engine/export/wrap.ts';

type Measured = Extract<RuntimeDifferences, { state: 'measured' }>;

/** The table, what follows from it, and with `explain` how each cell was measured. Lines are at most `width` wide. */
export function describeReport(
  report: DifferencesReport,
  { width, explain }: { readonly width: number; readonly explain: boolean },
  colours: Colours,
): string {
  const measured = report.runtimes.filter((runtime): runtime is Measured => runtime.state === 'measured');
  const tables = measured.length > 1 && width < 92 ? measured.map((runtime) => [runtime]) : [measured];
  const parts = [
    ...tables.filter((runtimes) => runtimes.length > 0).map((runtimes) => drawTable(runtimes, colours)),
    ...report.runtimes.map((runtime) => describeRuntime(runtime, width, colours)),
    ...(explain ? measured.map((runtime) => explainRuntime(runtime, width, colours)) : []),
    colours.dim(
      wrap(`${describeSetting(report)}${explain ? '' : ' How each cell was measured: --explain.'}`, width),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function drawTable(runtimes: readonly Measured[], colours: Colours): string {
  const ways = ['threads', 'processes'] as const;
  const table = new Table({
    head: [
      '',
      ...runtimes.flatMap(({ runtime }) => ways.map((way) => `${runtimeNames[runtime]} ${way}`)),
    ].map((title) => colours.dim(title)),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  const [first] = runtimes;
  for (const { id, title } of first?.rows ?? []) {
    const cells = runtimes.flatMap(({ rows }) => {
      const row = rows.find((candidate) => candidate.id === id);
      return ways.map((way) => row?.[way].text ?? '');
    });
    table.push([colours.bold(title), ...cells]);
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function describeRuntime(runtime: RuntimeDifferences, width: number, colours: Colours): string {
  const name = colours.bold(runtimeNames[runtime.runtime]);
  if (runtime.state === 'unavailable') {
    return `${name}: ${wrap(`${runtime.problem.message} ${runtime.problem.advice}`, width)}`;
  }
  const advice = runtime.advice.map(({ work, sentence }) =>
    wrap(`${workNames[work]}: ${sentence}`, width, '  - ', '    '),
  );
  return [colours.bold(interpreterTitle(runtime)), ...advice].join('\n');
}

function explainRuntime({ runtime, rows }: Measured, width: number, colours: Colours): string {
  const lines = rows.flatMap(({ title, threads, processes }) => [
    colours.bold(title),
    explainCell('threads', threads, width),
    explainCell('processes', processes, width),
  ]);
  return [colours.bold(`How it was measured: ${runtimeNames[runtime]}`), ...lines].join('\n');
}

function explainCell(way: string, { text, how }: Finding, width: number): string {
  return wrap(`${way}, ${text}: ${how}`, width, '  ', '    ');
}
