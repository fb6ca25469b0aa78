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

const exportShape = z.object({ exportMs: z.number(), bytes: z.number(), peakRssBytes: z.number() });

interface Cost {
  readonly cpuShare: number;
  readonly peakRssBytes: number;
  readonly bytesPerSecond: number;
}

function ask<Value>(shape: z.ZodType<Value>, command: readonly string[]): Value {
  const [program = '', ...parameters] = command;
  return shape.parse(JSON.parse(execFileSync(program, parameters, { encoding: 'utf8' })));
}

function measure(writer: WriterName, seed: number, folder: string): Cost {
  const path = join(folder, `${writer}.out`);
  const cost = ask(
    costShape,
    ownProgram('record-stream', writer, path, seed, size.cores, size.processes, seconds),
  );
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

const mebibyte = 1024 * 1024;
const folder = mkdtempSync(join(os.tmpdir(), 'corescope-bench-'));
try {
  const costs = new Map<WriterName, Cost[]>(writerNames.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of orderOfRound(writerNames, round))
      costs.get(name)?.push(measure(name, round + 1, folder));
  }
  // The stream itself costs CPU: what is left after taking it off, round by round, is the writer's.
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
      peakMebibytes: middle(name, 'peakRssBytes') / mebibyte,
      kibibytesPerSecond: middle(name, 'bytesPerSecond') / 1024,
    };
  });
  const ours = figures.find(({ name }) => name === 'ours');
  if (ours === undefined) throw new Error('ours was not measured');
  console.log(`10 Hz, ${size.cores} cores, ${size.processes} processes, ${rounds} × ${seconds} s of stream`);
  console.log(
    drawTable(
      ['', 'CPU %', 'lowest to highest', 'peak MiB', 'KiB/s', 'size ours/other', 'CPU ours/other'],
      figures.map((figure) => [
        figure.name === 'none' ? 'stream alone' : figure.name,
        showNumber(figure.cpuPercent),
        figure.name === 'none' ? '' : `${showNumber(figure.lowest)} to ${showNumber(figure.highest)}`,
        showNumber(figure.peakMebibytes),
        showNumber(figure.kibibytesPerSecond),
        figure === ours ? '' : showRatio(ours.kibibytesPerSecond / figure.kibibytesPerSecond),
        figure === ours ? '' : showRatio(ours.cpuPercent / figure.cpuPercent),
      ]),
    ),
  );

  // At full length: memory that grows with time would show here, and not in a minute.
  const hour = join(folder, 'hour.corescope');
  const lengthy = (writer: WriterName) =>
    ask(costShape, ownProgram('record-stream', writer, hour, 1, size.cores, size.processes, reportSeconds));
  const streamAlone = lengthy('none');
  const recorded = lengthy('ours');
  const report = ask(exportShape, ownProgram('export-recording', hour, join(folder, 'hour.html')));
  const hourBytes = sizeOf(hour);
  rmSync(hour);
  console.log(
    `\n${reportSeconds} s of it: ${showNumber(hourBytes / mebibyte)} MiB; the process peaked at ` +
      `${showNumber(recorded.peakRssBytes / mebibyte)} MiB, ${showNumber(streamAlone.peakRssBytes / mebibyte)} MiB ` +
      `with the stream alone; as HTML ${showNumber(report.bytes / mebibyte)} MiB`,
  );

  const path = join(folder, 'day.corescope');
  ask(costShape, ownProgram('record-stream', 'ours', path, 1, size.cores, day.processes, day.hours * 3600));
  const opened = ask(openShape, ownProgram('open-recording', path));
  const whole = sizeOf(path);
  console.log(
    `\n${day.hours} h, 10 Hz, ${size.cores} cores, ${day.processes} processes: ${showNumber(whole / mebibyte)} MiB`,
  );
  console.log(
    `first picture ${showNumber(opened.pictureMs)} ms (${opened.buckets} buckets), 10 minutes from the middle ` +
      `${showNumber(opened.zoomMs)} ms, a second's frames ${showNumber(opened.frameMs)} ms\n`,
  );
  const ndjson = figures.find(({ name }) => name === 'ndjson')?.kibibytesPerSecond ?? Number.NaN;
  console.log(
    drawTable(
      ['target', 'measured', 'at most', ''],
      [
        judge('writer, of one core', ours.cpuPercent, 2, '%'),
        judge(
          'writer, memory beyond the stream',
          (recorded.peakRssBytes - streamAlone.peakRssBytes) / mebibyte,
          100,
          'MiB',
        ),
        judge(`${seconds} s, whole process with the stream`, ours.peakMebibytes, 100, 'MiB'),
        judge(
          `${reportSeconds} s, whole process with the stream`,
          recorded.peakRssBytes / mebibyte,
          100,
          'MiB',
        ),
        judge('size against NDJSON', ours.kibibytesPerSecond / ndjson, 0.1, ''),
        judge(`${reportSeconds} s to HTML`, report.exportMs, 5000, 'ms'),
        judge('its HTML', report.bytes / mebibyte, 3, 'MiB'),
        judge(`${day.hours} h to first picture`, opened.pictureMs, 1000, 'ms'),
        judge(`${day.hours} h, memory`, opened.peakRssBytes / mebibyte, 300, 'MiB'),
      ],
    ),
  );
  mkdirSync(join(resultPath, '..'), { recursive: true });
  writeFileSync(
    resultPath,
    `${JSON.stringify({ size, figures, day, wholeBytes: whole, opened, recorded, streamAlone, report, hourBytes }, null, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
