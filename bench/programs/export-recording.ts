import { writeFileSync } from 'node:fs';
import { createExportSource } from '../../src/engine/export/recording-export.ts';
import { recordingToHtml } from '../../src/engine/export/recording-html.ts';
import { openRecording } from '../../src/engine/recording/open-recording.ts';

/** `export-recording FILE HTML`: opens it and writes its report; prints the cost as JSON. */
const [path = '', target = ''] = process.argv.slice(2);
const start = performance.now();
const before = process.cpuUsage();
const opened = openRecording(path);
if (!opened.ok) throw new Error(opened.problem.message);
const html = recordingToHtml(createExportSource(opened.value));
writeFileSync(target, html);
const exportMs = performance.now() - start;
const { user, system } = process.cpuUsage(before);
opened.value.close();
console.log(
  JSON.stringify({
    exportMs,
    cpuMs: (user + system) / 1000,
    bytes: Buffer.byteLength(html),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
