import { execFileSync } from 'node:child_process';
import { decode } from 'fast-png';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { metricsText } from '../../../../src/engine/export/openmetrics.ts';
import { parquetFormat } from '../../../../src/engine/export/parquet.ts';
import { perfettoFormat } from '../../../../src/engine/export/perfetto.ts';
import { overviewOf, pngCoresFormat, svgFormat } from '../../../../src/engine/export/recording-picture.ts';
import { createExportSource } from '../../../../src/engine/export/recording-export.ts';
import { writeStreamSafely } from '../../../../src/engine/export/write-stream.ts';
import type { Marker } from '../../../../src/shared/recording.ts';
import { decodeFrame } from '../../../../src/shared/frame-codec.ts';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, problemOf, valueOf } from '../recording/support/made-recording.ts';
import {
  bytesOf,
  drawFrame,
  drawnSession,
  drawnSource,
  drawRecording,
  rootProcess,
  textOf,
} from './support/drawn-recording.ts';
import { readMessage, type Fields } from './support/protobuf-wire.ts';

describe('Parquet', () => {
  it('is read back by another library with all lines, the unknown as null', async () => {
    const bytes = bytesOf(parquetFormat.write(drawnSource()));
    const file = Uint8Array.from(bytes).buffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(5 * 4);
    expect(rows.find(({ at_ms, kind }) => at_ms === 200 && kind === 'process')).toEqual({
      at_ms: 200,
      kind: 'process',
      core: null,
      key: 1,
      pid: 4711,
      tid: null,
      name: 'python3',
      owner: 'run',
      cpu_share: 1,
      total_cpu_share: 1,
      cpu_ms: null,
      wait_share: 0.25,
      rss_bytes: 4e6,
      pss_bytes: 2e6,
      user_share: null,
      system_share: null,
      steal_share: null,
      mhz: null,
    });
    const keys = parquetMetadata(file).key_value_metadata?.map(({ key }) => key);
    expect(keys).toEqual(['corescope.manifest', 'corescope.columns']);
  });
});

describe('Perfetto', () => {
  // By the field numbers of google/perfetto's .proto files, read without the schema that wrote them.
  const packets = readMessage(bytesOf(perfettoFormat.write(drawnSource())))
    .all(1)
    .map((bytes) => readMessage(bytes));
  const tracks = packets.flatMap((packet) => packet.messages(60));
  const events = packets.flatMap((packet) =>
    packet.messages(11).map((event) => ({ atNs: packet.number(8), event })),
  );
  const trackNames = new Map(tracks.map((track) => [track.number(1), track.text(2)]));
  const nameOf = (event: Fields): string | undefined => trackNames.get(event.number(11));

  it('has a track for the process, its thread and every core', () => {
    const [process_] = tracks.flatMap((track) => track.messages(3));
    expect([process_?.number(1), process_?.text(6)]).toEqual([4711, 'python3']);
    const [thread] = tracks.flatMap((track) => track.messages(4));
    expect([thread?.number(1), thread?.number(2), thread?.text(5)]).toEqual([4711, 4712, 'worker 1']);
    expect([...trackNames.values()].filter((name) => /^core \d busy$/.test(name))).toEqual([
      'core 0 busy',
      'core 1 busy',
    ]);
  });

  it('counts memory in bytes, told when it changes', () => {
    const rss = events.filter(({ event }) => event.number(9) === 4 && nameOf(event) === 'memory RSS');
    expect(rss.map(({ atNs, event }) => [atNs, event.number(30)])).toEqual([
      [0, 1e6],
      [1e8, 2e6],
      [2e8, 4e6],
      [4e8, 3e6],
    ]);
  });

  it('tells the load of a core as a share', () => {
    const busy = events.filter(({ event }) => nameOf(event) === 'core 0 busy');
    expect(busy.map(({ atNs, event }) => [atNs, event.double(44)])).toEqual([
      [1e8, 0.5],
      [2e8, 1],
      [4e8, 0.5],
    ]);
  });

  it('shows runs and tasks as slices that are opened and closed, and markers as instants', () => {
    const slices = events.flatMap(({ atNs, event }) => {
      const type = event.number(9);
      if (type === 4) return [];
      const sign = { 1: '(', 2: ')', 3: '!' }[type] ?? '?';
      return [`${nameOf(event) ?? '?'}: ${atNs / 1e6} ${sign}${event.text(23)}`];
    });
    expect(slices).toEqual([
      'Runs: 100 (threads × 2',
      'Runs: 400 )',
      'Start-up, work, tear-down: 110 (start-up',
      'Start-up, work, tear-down: 130 )',
      'Start-up, work, tear-down: 130 (work',
      'Start-up, work, tear-down: 320 )',
      'Start-up, work, tear-down: 320 (tear-down',
      'Start-up, work, tear-down: 330 )',
      'Tasks of worker 1: 130 (task 0',
      'Tasks of worker 1: 200 )',
      'Tasks of worker 1: 200 (task 3',
      'Tasks of worker 1: 320 )',
      'Tasks of worker 2: 130 (task 1',
      'Tasks of worker 2: 250 )',
      'Tasks of worker 2 (2): 140 (task 2',
      'Tasks of worker 2 (2): 300 )',
      'Markers: 150 !loaded',
    ]);
  });
});

describe('pictures', () => {
  it('show a core as a band of the colour of its load', () => {
    const { width, height, channels } = decode(bytesOf(pngCoresFormat.write(drawnSource())));
    expect([channels, height]).toEqual([4, 80]);
    expect(width).toBeGreaterThan(1000);
  });

  it('as SVG name the cores and the phases', () => {
    const svg = textOf(svgFormat.write(drawnSource()));
    expect(svg).toContain('>core 1</text>');
    expect(svg).toContain('<title>threads × 2</title>');
  });

  it('put phases that lie in one another below one another, so that each can be seen', () => {
    const marked = (atMs: number, kind: 'begin' | 'end', name: string): readonly [number, Marker] => [
      atMs,
      { kind, name, values: {} },
    ];
    const markers = [
      marked(0, 'begin', 'whole'),
      marked(100, 'begin', 'first'),
      marked(200, 'end', 'first'),
      marked(200, 'begin', 'second'),
      marked(300, 'end', 'second'),
      marked(400, 'end', 'whole'),
    ];
    const svg = textOf(svgFormat.write(drawnSource({ samples: drawnSession.samples, markers })));
    const bars = [...svg.matchAll(/<title>(\w+)<\/title><rect class="phase" x="[\d.]+" y="(\d+)"/g)];
    expect(bars.map(([, name, y]) => `${name ?? ''} ${y ?? ''}`)).toEqual([
      'whole 1',
      'first 17',
      'second 17',
    ]);
  });

  it('have as many columns as are asked for, and no more than there are samples for', () => {
    const samples = Array.from({ length: 300 }, (_, index) => ({
      atMs: index * 100,
      cores: [index / 300],
      cpu: 0.5,
      rss: 1e6,
    }));
    const recording = drawRecording({ samples });
    const columnsOf = (most: number): number =>
      overviewOf(createExportSource(recording, recording.span, most)).bucketCount;
    expect([10, 100, 300, 5000].map(columnsOf)).toEqual([10, 100, 300, 300]);
  });
});

describe('OpenMetrics', () => {
  const frame = decodeFrame(drawFrame({ atMs: 300, cores: [1, 0.25], cpu: 2, rss: 4e6 }, 1));
  const entities = new Map([[1, { ...rootProcess, name: 'a "b"\\\n' }]]);

  it('tells the sample, leaves out what is unknown, and escapes what would end a label', () => {
    const lines = metricsText(frame, entities, '1.2.3', 'openmetrics').split('\n');
    expect(lines).toContain('corescope_core_busy_ratio{core="1"} 0.25');
    expect(lines).toContain(
      'corescope_process_cpu_cores{pid="4711",key="1",name="a \\"b\\"\\\\\\n",owner="run"} 2',
    );
    expect(lines).toContain('# UNIT corescope_process_rss_bytes bytes');
    expect(lines.some((line) => line.includes('throttled'))).toBe(false);
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
  });

  const promtool = findPromtool();
  it.skipIf(promtool === null)('passes the check of Prometheus itself (needs promtool)', () => {
    const input = metricsText(frame, entities, '1.2.3', 'prometheus');
    expect(execFileSync(promtool ?? '', ['check', 'metrics'], { input, encoding: 'utf8' })).toBe('');
  });
});

function findPromtool(): string | null {
  const path = '/usr/bin/promtool';
  return existsSync(path) ? path : null;
}

describe('writing a stream', () => {
  it('leaves the old file and no other where the chunks fail half-way', async () => {
    const folder = temporaryFolder();
    const target = join(folder, 'out.csv');
    writeFileSync(target, 'old');
    const controller = new AbortController();
    function* chunks(): Generator<string> {
      yield 'new';
      controller.abort(new Error('stopped'));
      yield 'rest';
    }
    await expect(writeStreamSafely(target, chunks(), controller.signal)).rejects.toThrow('stopped');
    expect(readdirSync(folder)).toEqual(['out.csv']);
    expect(readFileSync(target, 'utf8')).toBe('old');
  });

  it('writes all chunks in order, and says where a folder is in the way', async () => {
    const folder = temporaryFolder();
    const target = join(folder, 'out.bin');
    const written = valueOf(await writeStreamSafely(target, ['a', Uint8Array.of(98), 'c']));
    expect([written.bytes, readFileSync(target, 'utf8')]).toEqual([3, 'abc']);
    expect(problemOf(await writeStreamSafely(folder, ['a']))).toBe('path-is-folder');
  });
});
