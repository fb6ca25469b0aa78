import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createExportSource, type Chunk } from '../../../../src/engine/export/recording-export.ts';
import { exportPathOf, recordingFormats } from '../../../../src/engine/export/recording-formats.ts';
import { writeStreamSafely } from '../../../../src/engine/export/write-stream.ts';
import { createManifest } from '../../../../src/engine/recording/manifest.ts';
import { openRecording } from '../../../../src/engine/recording/open-recording.ts';
import { temporaryFolder, valueOf } from '../recording/support/made-recording.ts';
import { drawnSession, drawRecording } from './support/drawn-recording.ts';

/** What a process, a marker or a title can be called: markup, a terminal's orders, a path out, a formula, a turn. */
const hostile =
  '=cmd()</script><img src=x onerror=alert(1)>\u001b[2J\u001b]0;owned\u0007../../../etc/passwd\u202egpj.exe\u009b31m';

/** PDF and PNG are the HTML and the SVG, drawn by Electron: pdf.test.ts. */
const formats = Object.entries(recordingFormats).flatMap(([name, format]) =>
  name === 'pdf' || name === 'png' ? [] : [[name, format] as const],
);

describe.each(formats)('%s', (name, format) => {
  it('holds hostile names as text: nothing for a terminal, a browser or a path', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'hostile.corescope');
    drawRecording(
      {
        ...drawnSession,
        processName: hostile,
        markers: [
          [150, { kind: 'begin', name: hostile, values: { [hostile]: hostile } }],
          [250, { kind: 'end', name: hostile, values: {} }],
          [260, { kind: 'marker', name: hostile, values: { key: hostile } }],
        ],
      },
      path,
    ).close();
    const recording = valueOf(openRecording(path));
    const manifest = createManifest({
      corescopeVersion: '1',
      title: hostile,
      startedUnixMs: 0,
      requestedEveryMs: 100,
      command: [hostile],
    });
    const source = { ...createExportSource(recording), title: hostile, manifest };
    const target = exportPathOf(path, format);
    const chunks: Chunk[] = [];
    for await (const chunk of format.write(source)) chunks.push(chunk);
    valueOf(await writeStreamSafely(target, chunks));
    recording.close();

    // The file stands beside the recording, under the recording's name, and nowhere else.
    expect(readdirSync(folder).sort()).toEqual(['hostile.corescope', `hostile${format.extension}`].sort());
    if (name === 'parquet' || name === 'perfetto' || name === 'png-cores') return;
    const text = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).toString('utf8');
    // JSON says them as escapes, the others as the sign for what cannot be shown.
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
    if (name === 'html' || name === 'svg' || name === 'markdown') {
      // Of Markdown without its code, in which everything is text.
      const outsideCode = name === 'markdown' ? text.replaceAll(/`[^`]*`/g, '') : text;
      expect(outsideCode).not.toContain('<img src=x');
      expect(text).not.toContain('\u202e');
      expect(outsideCode.match(/<\/script>/g)?.length ?? 0).toBe(name === 'html' ? 2 : 0);
    }
    if (name.startsWith('csv')) expect(text).not.toMatch(/(^|,)"?=cmd/m);
  });
});
