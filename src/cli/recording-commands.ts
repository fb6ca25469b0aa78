import { Option, type Command } from '@commander-js/extra-typings';
import { recordingActions } from './recordings/actions.ts';
import type { Terminal } from './terminal.ts';

const recordingsNotes = `
Without an action it lists them, newest first. compare, run, record and attach keep a recording each, unless
--no-record is given; the oldest that are not pinned are removed when all take more than CORESCOPE_RECORDINGS_BUDGET
(default: 2GB). A recording is named by its id or the beginning of it, its file, or latest; open, export and
compare-recordings understand the same. Words of a search: text, tag:NAME, is:pinned.
  list [WORDS]          those in which all words are found        pin, unpin RECORDING...   keep whatever the budget
  tag, untag RECORDING TAG...                                     remove RECORDING...       for good
  note RECORDING TEXT   a remark, about the moment --at           clean [SIZE]              down to a size
  rename RECORDING TITLE                                          path [RECORDING]          where it is
Exit codes: 0 done, 2 wrong usage, or a file that cannot be read or changed.

Examples:
  corescope recordings
  corescope recordings list count-loop tag:main --json | jq '.[].path'
  corescope recordings tag latest main before-the-fix
  corescope recordings note latest --at 12.5 'the cache is warm here'
  corescope compare-recordings 3f2a91bc latest
`;

const exportExamples = `
Formats: csv, csv-rows, json, ndjson, parquet, perfetto, trace-json, firefox, speedscope, openmetrics, html,
pdf, markdown, svg, png, png-cores. See docs/exports.md for what each of them holds and opens in.
Exit codes: 0 done, 2 wrong usage or a file that cannot be read or written, 3 a part of the recording is damaged.

Examples:
  corescope export run.corescope --to html
  corescope export run.corescope --to perfetto -o trace.pftrace
  corescope export run.corescope --to png --columns 6000 --from 60 --until 120
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
    .command('recordings')
    .description('list, search, tag, pin and remove what has been recorded')
    .argument('[action]', recordingActions.join(', '))
    .argument('[words...]', 'which recording, and what goes with the action')
    .option('--at <seconds>', 'of a note: the moment that it is about (default: the beginning)')
    .option('--force', 'of remove: pinned ones too')
    .option('--json', 'of list: print it as JSON')
    .option('--quiet', 'say nothing but problems')
    .addHelpText('after', recordingsNotes)
    .action(async (action, words, options) => {
      const { recordings } = await import('./recordings/recordings.ts');
      done(recordings(action, words, options, terminal));
    });

  program
    .command('open')
    .description('say what a recording holds: what was run, on what, its figures, phases and damage')
    .argument('<file>', 'a recording: its file, its id, or latest')
    .option('--json', 'print it as JSON')
    .action(async (file, options) => {
      const { openForReading } = await import('./open.ts');
      done(await openForReading(file, options, terminal));
    });

  program
    .command('export')
    .description('write a recording in a format of other tools')
    .argument('<file>', 'a recording: its file, its id, or latest')
    .requiredOption('--to <format>', 'which format')
    .option('-o, --output <file>', 'where to; - is stdout (default: beside the recording)')
    .option('--from <seconds>', 'only from there on')
    .option('--until <seconds>', 'only until then')
    .option('--columns <n>', 'of pictures: steps of time at most (default: 1600)')
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
    .argument('<files...>', 'two recordings or more (files, ids); the first is the base')
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
