import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ownProgram } from '../support/child.ts';
import { orderOfRound } from '../support/rounds.ts';
import { spreadOf } from '../support/statistics.ts';
import { drawTable, showNumber, showRatio } from '../support/table.ts';
import { sizeOf, writerNames, type WriterName } from './writers.ts';

/** `npm run bench:recording`: what keeping a recording costs, against other ways to keep the same, in one run. */

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, full: { type: 'boolean' } } });
const size = { cores: 64, processes: 1000 };
const rounds = values.quick === true ? 1 : 3;
const seconds = values.quick === true ? 20 : 60;
/** A whole day at full size takes half an hour and 1.5 GB; with few processes the pyramid is the same. */
const day = { hours: values.quick === true ? 2 : 24, processes: values.full === true ? 1000 : 10 };
/** What becomes a report; `--quick` takes a part of it. */
const reportSeconds = values.quick === true ? 300 : 3600;
const resultPath = join(import.meta.dirname, '..', '..', 'test-results', 'bench-recording.json');

const costShape = z.object({ cpuSeconds: z.number(), forSeconds: z.number(), peakRssBytes: z.number() });
const openShape = z.object({
  pictureMs: z.number(),
  pictureCpuMs: z.number(),
  zoomMs: z.number(),
  frameMs: z.number(),
  frames: z.number(),
  rows: z.number(),
  buckets: z.number(),
  samples: z.number(),
  spanMs: z.number(),
  problems: z.number(),
  peakRssBytes: z.number(),
});

const exportShape = z.object({
  exportMs: z.number(),
  cpuMs: z.number(),
  bytes: z.number(),
  peakRssBytes: z.number(),
});

interface Cost {
  readonly cpuShare: number;
  readonly peakRssBytes: number;
  readonly bytesPerSecond: number;
}

function ask<Value>(shape: z.ZodType<Value>, command: readonly string[]): Value {
  const [program = '', ...parameters] = command;
  return shape.parse(JSON.parse(execFileSync(program, parameters, { encoding: 'utf8' })));
}

/**
 * V8's young generation of the recording process, in MB. Whoever takes frames in leaves garbage, and V8 lets 60 MB and
 * more of it lie about before it looks; that is nobody's memory, and hides what a writer takes.
 */
const youngMegabytes = 4;

/** Plays a made-up stream, which a process of its own makes up, into a writer. */
function record(
  writer: WriterName,
  path: string,
  of: { readonly seed: number; readonly processes: number; readonly seconds: number },
): z.infer<typeof costShape> {
  const quoted = (words: readonly string[]): string =>
    words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const from = ownProgram('make-stream', of.seed, size.cores, of.processes, of.seconds);
  const [node = '', ...program] = ownProgram('record-stream', writer, path, of.seconds);
  const into = [node, `--max-semi-space-size=${youngMegabytes}`, ...program];
  return ask(costShape, ['sh', '-c', `${quoted(from)} | ${quoted(into)}`]);
}

function measure(writer: WriterName, seed: number, folder: string): Cost {
  const path = join(folder, `${writer}.out`);
  const cost = record(writer, path, { seed, processes: size.processes, seconds });
  const bytes = writer === 'none' ? Number.NaN : sizeOf(path);
  rmSync(path, { force: true });
  return {
    cpuShare: cost.cpuSeconds / cost.forSeconds,
    peakRssBytes: cost.peakRssBytes,
    bytesPerSecond: bytes / seconds,
  };
}

function judge(name: string, value: number, most: number, unit: string): string[] {
  return [
    name,
    `${showNumber(value)} ${unit}`,
    `${showNumber(most)} ${unit}`,
    value <= most ? 'met' : 'missed',
  ];
}

/** Targets are in decimal units, and so is what stands beside them. */
const megabyte = 1e6;
const folder = mkdtempSync(join(os.tmpdir(), 'corescope-bench-'));
try {
  const costs = new Map<WriterName, Cost[]>(writerNames.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of orderOfRound(writerNames, round))
      costs.get(name)?.push(measure(name, round + 1, folder));
  }
  // Taking the stream in costs CPU: what is left after taking that off, round by round, is the writer's.
  const ownShares = (name: WriterName): number[] =>
    (costs.get(name) ?? []).map(
      ({ cpuShare }, round) => cpuShare - (costs.get('none')?.[round]?.cpuShare ?? Number.NaN),
    );
  const middle = (name: WriterName, field: keyof Cost): number =>
    spreadOf((costs.get(name) ?? []).map((cost) => cost[field])).median;
  const figures = writerNames.map((name) => {
    const shares = spreadOf(ownShares(name));
    return {
      name,
      cpuPercent: name === 'none' ? Number.NaN : shares.median * 100,
      lowest: shares.lowest * 100,
      highest: shares.highest * 100,
      peakMegabytes: middle(name, 'peakRssBytes') / megabyte,
      kilobytesPerSecond: middle(name, 'bytesPerSecond') / 1000,
    };
  });
  const ours = figures.find(({ name }) => name === 'ours');
  if (ours === undefined) throw new Error('ours was not measured');
  console.log(`10 Hz, ${size.cores} cores, ${size.processes} processes, ${rounds} × ${seconds} s of stream`);
  console.log(
    drawTable(
      ['', 'CPU %', 'lowest to highest', 'peak MB', 'kB/s', 'size ours/other', 'CPU ours/other'],
      figures.map((figure) => [
        figure.name === 'none' ? 'taken in and dropped' : figure.name,
        showNumber(figure.cpuPercent),
        figure.name === 'none' ? '' : `${showNumber(figure.lowest)} to ${showNumber(figure.highest)}`,
        showNumber(figure.peakMegabytes),
        showNumber(figure.kilobytesPerSecond),
        figure === ours ? '' : showRatio(ours.kilobytesPerSecond / figure.kilobytesPerSecond),
        figure === ours ? '' : showRatio(ours.cpuPercent / figure.cpuPercent),
      ]),
    ),
  );

  // At full length: memory that grows with time would show here, and not in a minute.
  const hour = join(folder, 'hour.corescope');
  const long = { seed: 1, processes: size.processes, seconds: reportSeconds };
  const dropped = record('none', hour, long);
  const recorded = record('ours', hour, long);
  const report = ask(exportShape, ownProgram('export-recording', hour, join(folder, 'hour.html')));
  const hourBytes = sizeOf(hour);
  rmSync(hour);
  console.log(
    `\n${reportSeconds} s of it: ${showNumber(hourBytes / megabyte)} MB; the recording process peaked at ` +
      `${showNumber(recorded.peakRssBytes / megabyte)} MB, at ${showNumber(dropped.peakRssBytes / megabyte)} MB when it ` +
      `dropped what it took in; as HTML with ${Math.ceil(reportSeconds / 60) + 1} phases ${showNumber(report.bytes / megabyte)} MB, in ` +
      `${showNumber(report.exportMs)} ms of which ${showNumber(report.cpuMs)} ms CPU, with ` +
      `${showNumber(report.peakRssBytes / megabyte)} MB of memory`,
  );

  const path = join(folder, 'day.corescope');
  record('ours', path, { seed: 1, processes: day.processes, seconds: day.hours * 3600 });
  const opened = ask(openShape, ownProgram('open-recording', path));
  const whole = sizeOf(path);
  console.log(
    `\n${day.hours} h, 10 Hz, ${size.cores} cores, ${day.processes} processes: ${showNumber(whole / megabyte)} MB`,
  );
  console.log(
    `first picture ${showNumber(opened.pictureMs)} ms, ${showNumber(opened.pictureCpuMs)} ms CPU ` +
      `(${opened.buckets} buckets), 10 minutes from the middle ${showNumber(opened.zoomMs)} ms, a second's frames ` +
      `${showNumber(opened.frameMs)} ms\n`,
  );
  const ndjson = figures.find(({ name }) => name === 'ndjson')?.kilobytesPerSecond ?? Number.NaN;
  console.log(
    drawTable(
      ['target', 'measured', 'at most', ''],
      [
        judge('writer, of one core', ours.cpuPercent, 2, '%'),
        judge(`memory of the whole process, ${seconds} s`, ours.peakMegabytes, 100, 'MB'),
        // Of the hour, less what the same process peaked at when it dropped what it took in: the frames themselves are
        // garbage of whoever takes them in, and V8 keeps the more of it the longer it runs.
        judge(
          `memory of the writer, ${reportSeconds} s`,
          (recorded.peakRssBytes - dropped.peakRssBytes) / megabyte,
          100,
          'MB',
        ),
        judge('size against NDJSON', ours.kilobytesPerSecond / ndjson, 0.1, ''),
        judge(`${reportSeconds} s to HTML`, report.exportMs, 5000, 'ms'),
        judge('its HTML', report.bytes / megabyte, 3, 'MB'),
        judge(`${day.hours} h to first picture`, opened.pictureMs, 1000, 'ms'),
        judge(`${day.hours} h, memory`, opened.peakRssBytes / megabyte, 300, 'MB'),
      ],
    ),
  );
  mkdirSync(join(resultPath, '..'), { recursive: true });
  writeFileSync(
    resultPath,
    `${JSON.stringify({ size, figures, day, wholeBytes: whole, opened, recorded, dropped, report, hourBytes }, null, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
