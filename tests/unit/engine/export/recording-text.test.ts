import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { csvFormat, csvRowsFormat } from '../../../../src/engine/export/recording-csv.ts';
import {
  escapeMarkdown,
  htmlFormat,
  markdownFormat,
} from '../../../../src/engine/export/recording-document.ts';
import { jsonFormat, ndjsonFormat } from '../../../../src/engine/export/recording-json.ts';
import { repeatRecording } from '../../../../src/engine/export/recording-reproduce.ts';
import { speedscopeFormat } from '../../../../src/engine/export/speedscope.ts';
import { drawnSession, drawnSource, textOf } from './support/drawn-recording.ts';

describe('CSV', () => {
  it('has a line per sample with units in the header, and empty fields for what is unknown', () => {
    expect(textOf(csvFormat.write(drawnSource())).split('\r\n')).toEqual([
      'time (ms),run CPU (cores),run memory PSS (bytes),run memory RSS sum (bytes),run processes,run waiting (threads),throttled (share),lateness (ms),Corescope CPU (cores),phase,core 0 busy (share),core 1 busy (share)',
      '0,,500000,1000000,1,0.25,,0.5,0.02,,,',
      '100,0.5,1000000,2000000,1,0.25,,0.5,0.02,threads × 2,0.5,0',
      '200,1,2000000,4000000,1,0.25,,0.5,0.02,threads × 2,1,0.25',
      '300,2,2000000,4000000,1,0.25,,0.5,0.02,threads × 2,1,1',
      '400,0.5,1500000,3000000,1,0.25,,0.5,0.02,threads × 2,0.5,0',
      '',
    ]);
  });

  it('names the subject of every line of the long table', () => {
    const lines = textOf(csvRowsFormat.write(drawnSource())).split('\r\n');
    expect(lines.filter((line) => line.startsWith('200,'))).toEqual([
      '200,core,0,,,,,,1,,,,,,,,,',
      '200,core,1,,,,,,0.25,,,,,,,,,',
      '200,process,,1,4711,,python3,run,1,1,,0.25,4000000,2000000,,,,',
      '200,thread,,2,4711,4712,worker 1,run,0.5,0.5,,0.25,,,,,,',
    ]);
  });

  it('makes no formula of a name that begins like one, and quotes what would end a field', () => {
    const source = drawnSource({ ...drawnSession, processName: '=cmd|"x",1' });
    expect(textOf(csvRowsFormat.write(source))).toContain(`,"'=cmd|""x"",1",run,`);
  });
});

describe('JSON', () => {
  it('is one document with everything, in which the unknown is null', () => {
    const document = z
      .object({
        schema: z.literal('corescope.recording-json/1'),
        entities: z.array(z.object({ key: z.number(), name: z.string() })),
        events: z.array(z.unknown()),
        frames: z.array(z.object({ atMs: z.number(), coreBusy: z.array(z.number().nullable()) })),
        manifest: z.object({ title: z.literal('a test') }),
      })
      .parse(JSON.parse(textOf(jsonFormat.write(drawnSource()))));
    expect(document.frames.map(({ coreBusy }) => coreBusy)).toEqual([
      [null, null],
      [0.5, 0],
      [1, 0.25],
      [1, 1],
      [0.5, 0],
    ]);
    expect(document.entities).toEqual([
      { key: 1, name: 'python3' },
      { key: 2, name: 'worker 1' },
    ]);
    expect(document.events).toHaveLength(14);
  });

  it('is lines that each stand alone, the description first', () => {
    const types = textOf(ndjsonFormat.write(drawnSource()))
      .trim()
      .split('\n')
      .map((line) => z.object({ type: z.string() }).parse(JSON.parse(line)).type);
    expect(types).toEqual([
      'recording',
      ...Array<string>(2).fill('entity'),
      ...Array<string>(14).fill('event'),
      ...Array<string>(5).fill('frame'),
    ]);
  });
});

describe('speedscope', () => {
  const schemaFile = createRequire(import.meta.url).resolve(
    'speedscope/dist/release/file-format-schema.json',
  );

  it('is what the schema that speedscope ships asks for', () => {
    const text = readFileSync(schemaFile, 'utf8');
    const schema = z.fromJSONSchema(z.record(z.string(), z.json()).parse(JSON.parse(text)));
    const profile: unknown = JSON.parse(textOf(speedscopeFormat.write(drawnSource())));
    expect(schema.safeParse(profile).error).toBeUndefined();
    expect(schema.safeParse({ ...(profile as object), profiles: [{ type: 'evented' }] }).success).toBe(false);
  });

  it('opens and closes runs, parts and tasks as brackets, with a lane for each task at one time', () => {
    const { profiles, shared } = z
      .object({
        shared: z.object({ frames: z.array(z.object({ name: z.string() })) }),
        profiles: z.array(
          z.object({
            name: z.string(),
            events: z.array(z.object({ type: z.string(), at: z.number(), frame: z.number() })),
          }),
        ),
      })
      .parse(JSON.parse(textOf(speedscopeFormat.write(drawnSource()))));
    const drawn = profiles.map(({ name, events }) => [
      name,
      ...events.map(
        ({ type, at, frame }) => `${at} ${type === 'O' ? '(' : ')'}${shared.frames[frame]?.name ?? '?'}`,
      ),
    ]);
    expect(drawn).toEqual([
      [
        'Runs',
        '100 (threads × 2',
        '110 (start-up',
        '130 )start-up',
        '130 (work',
        '320 )work',
        '320 (tear-down',
        '330 )tear-down',
        '400 )threads × 2',
      ],
      ['Worker 1', '130 (task 0', '200 )task 0', '200 (task 3', '320 )task 3'],
      ['Worker 2', '130 (task 1', '250 )task 1'],
      ['Worker 2 (2)', '140 (task 2', '300 )task 2'],
    ]);
  });
});

describe('a document', () => {
  const hostile = '<img src=x onerror=alert(1)> [a](http://b) | `c`';

  it('as HTML keeps what a recording contains text, and lets nothing load or run', () => {
    const html = textOf(
      htmlFormat.write(
        drawnSource({
          ...drawnSession,
          markers: [[150, { kind: 'marker', name: hostile, values: {} }]],
        }),
      ),
    );
    expect(html).toContain('content="default-src &#39;none&#39;; img-src data:;');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toMatch(/<img src=x|<a |<link/);
    const scripts = [...html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
    expect(scripts.map(([, attributes]) => attributes)).toEqual([
      ' type="application/json" id="chart-data"',
      '',
    ]);
    const hash = createHash('sha256')
      .update(scripts[1]?.[2] ?? '')
      .digest('base64');
    expect(html).toContain(`script-src &#39;sha256-${hash}&#39;;`);
    expect(JSON.parse(scripts[0]?.[2] ?? '')).toMatchObject({
      fromMs: 0,
      coreCount: 2,
      cpu: [null, 0.5, 1, 2, 0.5],
      memoryName: 'PSS',
    });
  });

  it('says first what ran, for how long, what it took, and what stood out', () => {
    const html = textOf(htmlFormat.write(drawnSource()));
    expect(/<div class="state">In short<\/div>\s*<p>(.*?)<\/p>/.exec(html)?.[1]).toBe(
      'The program was watched for 400 ms; it kept 1.00 of 2 cores busy on average and 2.00 at most; it took 2.00 MB of memory at most (PSS), at 0.2 s.',
    );
  });

  it('has a table behind every picture, with the same numbers', () => {
    const html = textOf(htmlFormat.write(drawnSource()));
    const captions = [...html.matchAll(/<caption>(.*?);/g)].map(([, caption]) => caption);
    expect(captions).toEqual([
      'Mean load of the cores',
      'CPU of the watched processes, in cores',
      'Memory of the watched processes (PSS)',
    ]);
    expect(html.match(/<svg class="drawing"/g)).toHaveLength(3);
    expect(html).toContain('<th scope="row">0.1 s</th><td>1.00 MB</td><td>1.00 MB</td><td>1.00 MB</td>');
  });

  it('says how to record a command again, but not where its words were hidden', () => {
    const source = drawnSource();
    if (source.manifest === null) throw new Error('a drawn recording has a manifest');
    const manifest = { ...source.manifest, command: ['make', '-j4', "it's"] };
    expect(repeatRecording({ ...source, manifest })).toBe(
      String.raw`npx corescope record --every 100 -- make -j4 'it'\''s'`,
    );
    expect(
      repeatRecording({ ...source, manifest: { ...manifest, commandLinePrivacy: 'program-only' } }),
    ).toBeNull();
    expect(repeatRecording(source)).toBeNull();
  });

  it('as Markdown says the figures of each phase, and renders nothing that a recording contains', () => {
    const markdown = textOf(
      markdownFormat.write(
        drawnSource({ ...drawnSession, markers: [[150, { kind: 'marker', name: hostile, values: {} }]] }),
      ),
    );
    expect(markdown).toContain('| threads × 2 (block 1) | 0.1 s | 300 ms | 350 ms | 1.17 | 2.00 MB | 0.25 |');
    expect(markdown).toContain('&lt;img src=x onerror=alert(1)&gt; \\[a\\](http://b) \\| \\`c\\`');
  });

  it('has no line break inside a table cell', () => {
    expect(escapeMarkdown('a\r\n| b |')).toBe('a \\| b \\|');
  });
});
