import Table from 'cli-table3';
import { createExportSource, type ExportSource } from '../engine/export/recording-export.ts';
import { factsOf, figureFacts, formatClockTime, type Fact } from '../engine/export/recording-words.ts';
import { figuresOf, measureSpans } from '../engine/recording/figures.ts';
import { formatBytes, formatCores, formatDuration } from '../shared/format.ts';
import { printable, withRecordings } from './recording-files.ts';
import { exitCodes, type Terminal } from './terminal.ts';

/** Buckets that the figures of the whole are made of: enough for the peak, few enough for a day. */
const overviewBuckets = 500;

/** Phases that are listed; the others are counted. */
const mostPhases = 40;

/** Says what a recording holds. Answers the exit code. */
export async function openForReading(
  path: string,
  options: { readonly json?: true | undefined },
  terminal: Terminal,
): Promise<number> {
  return await withRecordings([path], terminal, ([recording]) => {
    if (recording === undefined) throw new Error('one path opens one recording');
    const source = createExportSource(recording);
    const text = options.json === true ? jsonOf(source) : textOf(source, terminal);
    terminal.out.write(`${text}\n`);
    return exitCodes.success;
  });
}

function textOf(source: ExportSource, terminal: Terminal): string {
  const { bold, dim } = terminal.outColours;
  const { recording, manifest, span, story, entities } = source;
  const figures = figuresOf(recording.overview(span, overviewBuckets));
  const sections = [
    bold(printable(source.title)),
    listOf(
      [
        ['File', `${recording.path}, ${formatBytes(recording.sizeBytes)}, version ${recording.version}`],
        ['Length', `${formatDuration(span.toMs - span.fromMs)}, ${entities.size} processes and threads`],
        ...figureFacts(figures),
      ],
      dim,
    ),
    ...(manifest === null ? [] : [listOf(factsOf(manifest), dim)]),
    ...(story.phases.length === 0 ? [] : [phaseTable(source)]),
    ...(story.moments.length === 0
      ? []
      : [
          story.moments
            .slice(0, mostPhases)
            .map(({ atMs, name }) => `${formatClockTime(atMs)}  ${printable(name)}`)
            .join('\n'),
        ]),
  ];
  return sections.join('\n\n');
}

function listOf(facts: readonly Fact[], dim: (text: string) => string): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `${dim(name.padEnd(width))}  ${printable(value)}`).join('\n');
}

function phaseTable({ story, recording }: ExportSource): string {
  const phases = story.phases.filter(({ kind }) => kind === 'run' || kind === 'marked');
  const table = new Table({
    head: ['phase', 'from', 'length', 'CPU time', 'cores', 'peak PSS', 'waiting'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  const shown = phases.slice(0, mostPhases);
  const measured = measureSpans(recording, shown);
  for (const [index, phase] of shown.entries()) {
    const figures = measured[index]?.figures;
    if (figures === undefined) throw new Error('every span is measured');
    const block = phase.details['block'];
    table.push([
      printable(
        block === undefined ? phase.name : `${phase.name}, ${block === 'warm-up' ? block : `block ${block}`}`,
      ),
      formatClockTime(phase.fromMs),
      formatDuration(figures.durationMs),
      formatDuration(figures.cpuSeconds * 1000),
      formatCores(figures.meanCores),
      formatBytes(figures.peakPssBytes),
      formatCores(figures.meanWaiting),
    ]);
  }
  const left = phases.length - mostPhases;
  return left > 0 ? `${table.toString()}\n… and ${left} more` : table.toString();
}

function jsonOf({ recording, manifest, span, story }: ExportSource): string {
  const figures = figuresOf(recording.overview(span, overviewBuckets));
  const { path, sizeBytes, version, isFinished } = recording;
  return JSON.stringify(
    // NaN becomes null: not known.
    {
      path,
      sizeBytes,
      version,
      isFinished,
      manifest,
      span,
      figures,
      ...story,
      problems: recording.problems(),
    },
    null,
    2,
  );
}
