import { Option, type Command } from '@commander-js/extra-typings';
import type { Terminal } from './terminal.ts';

const exportExamples = `
Formats: csv, csv-rows, json, ndjson, parquet, perfetto, trace-json, firefox, speedscope, openmetrics, html,
markdown, svg, png. See docs/exports.md for what each of them holds and opens in.
Exit codes: 0 done, 2 wrong usage or a file that cannot be read or written, 3 a part of the recording is damaged.

Examples:
  corescope export run.corescope --to html
  corescope export run.corescope --to perfetto -o trace.pftrace
  corescope export run.corescope --to ndjson -o - | jq 'select(.type == "event")'
`;

/** The commands that work on recordings. `done` takes the exit code. */
export function addRecordingCommands(
  program: Command,
  terminal: Terminal,
  version: string,
  done: (exitCode: number) => void,
): void {
  program
    .command('open')
    .description('say what a recording holds: what was run, on what, its figures, phases and damage')
    .argument('<file>', 'a recording (*.corescope)')
    .option('--json', 'print it as JSON')
    .action(async (file, options) => {
      const { openForReading } = await import('./open.ts');
      done(await openForReading(file, options, terminal));
    });

  program
    .command('export')
    .description('write a recording in a format of other tools')
    .argument('<file>', 'a recording (*.corescope)')
    .requiredOption('--to <format>', 'which format')
    .option('-o, --output <file>', 'where to; - is stdout (default: beside the recording)')
    .option('--from <seconds>', 'only from there on')
    .option('--until <seconds>', 'only until then')
    .option('--quiet', 'say nothing but problems')
    .addHelpText('after', exportExamples)
    .action(async (file, options) => {
      const { exportRecording } = await import('./export.ts');
      done(await exportRecording(file, options, terminal));
    });

  program
    .command('import')
    .description('show what hyperfine, psrecord or mprof measured, in the same words and units')
    .argument('<file>', 'hyperfine --export-json, psrecord --log, or mprof run')
    .option('--tool <name>', 'which tool wrote it (default: by what is in it)')
    .option('--json', 'print it as JSON')
    .action(async (file, options) => {
      const { importFile } = await import('./import.ts');
      done(await importFile(file, options, terminal));
    });

  program
    .command('compare-recordings')
    .description(
      'lay recordings upon one another: figures, differences, and whether they can be compared at all',
    )
    .argument('<files...>', 'two recordings or more; the first is the base')
    .option('--align <name>', 'a phase or marker to align them by (default: one that all have)')
    .option('--json', 'print it as JSON')
    .action(async (paths, options) => {
      const { compareFiles } = await import('./compare-recordings.ts');
      done(await compareFiles(paths, options, terminal));
    });

  program
    .command('serve')
    .description('tell the newest sample to a Prometheus on this machine')
    .option('--metrics', 'as OpenMetrics text at /metrics')
    .addOption(new Option('--port <n>', 'on 127.0.0.1').default('9464', '9464'))
    .addOption(new Option('--every <ms>', 'how often to sample').default('1000', '1000'))
    .addOption(
      new Option('--pid <n>', 'a process to watch with its tree; can be repeated')
        .default<readonly string[]>([], 'the cores only')
        .argParser<readonly string[]>((value, earlier) => [...earlier, value]),
    )
    .action(async (options) => {
      const { serveMetrics } = await import('./serve.ts');
      done(await serveMetrics(options, terminal, version));
    });
}
