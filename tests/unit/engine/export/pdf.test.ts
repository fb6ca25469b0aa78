import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { experimentToHtml } from '../../../../src/engine/export/html.ts';
import { drawPng, findPdfPrinter, printPdf } from '../../../../src/engine/export/pdf.ts';
import { problemOf, temporaryFolder, valueOf } from '../recording/support/made-recording.ts';
import { experimentFrom } from './sample-experiment.ts';

const hasElectron = findPdfPrinter().ok;
const hasPoppler = spawnSync('pdftoppm', ['-v']).status === 0 && spawnSync('pdftotext', ['-v']).status === 0;
const lacks = [...(hasElectron ? [] : ['no Electron']), ...(hasPoppler ? [] : ['no poppler-utils'])].join(
  ', ',
);

it.skipIf(lacks !== '')(
  `a report is printed so that pdftoppm draws it and its text can be searched${lacks === '' ? '' : ` (skipped: ${lacks})`}`,
  async () => {
    const experiment = experimentFrom();
    const folder = temporaryFolder();
    const file = join(folder, 'report.pdf');
    writeFileSync(file, valueOf(await printPdf(experimentToHtml(experiment, []))));
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replaceAll(
      /\s+/g,
      ' ',
    );
    expect(text).toContain(experiment.verdict.sentence);
    expect(text).toContain('How it was measured');
    execFileSync('pdftoppm', [
      '-r',
      '30',
      '-gray',
      '-f',
      '1',
      '-l',
      '1',
      '-singlefile',
      file,
      join(folder, 'page'),
    ]);
    const pixels = execFileSync('sh', ['-c', `tail -c 20000 '${join(folder, 'page')}.pgm'`]);
    // A4 at 30 dpi is 248 × 351; a blank page has one shade of grey.
    expect(new Set(pixels).size).toBeGreaterThan(10);
  },
  60_000,
);

it.skipIf(!hasElectron)(
  'a page cannot run a script, load a file, or send itself anywhere while it is printed',
  async () => {
    const folder = temporaryFolder();
    const secret = join(folder, 'secret.svg');
    writeFileSync(
      secret,
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>SECRET</text></svg>',
    );
    const page = `<p id="p">untouched</p><script>document.getElementById('p').textContent = 'CHANGED'</script>
      <iframe src="file://${secret}"></iframe><img src="file://${secret}">`;
    const pdf = Buffer.from(valueOf(await printPdf(page)));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    if (!hasPoppler) return;
    writeFileSync(join(folder, 'page.pdf'), pdf);
    const text = execFileSync('pdftotext', [join(folder, 'page.pdf'), '-'], { encoding: 'utf8' });
    expect(text).toContain('untouched');
    expect(text).not.toMatch(/CHANGED|SECRET/);
  },
  60_000,
);

it.skipIf(!hasElectron)(
  'an SVG is drawn as PNG of the size that is asked for, its colours as they are; it loads nothing',
  async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5" width="400" height="200">
<rect width="10" height="5" fill="#ffffff"/><rect x="5" width="5" height="5" fill="#c03000"/>
<image href="file:///etc/hostname" width="1" height="1"/><script>document.documentElement.remove()</script></svg>`;
    const { width, height, channels, data } = decode(
      valueOf(await drawPng(svg, { widthPx: 400, heightPx: 200 })),
    );
    const colourAt = (x: number, y: number): number[] => [
      ...data.slice((y * width + x) * channels, (y * width + x) * channels + 3),
    ];
    expect([width, height]).toEqual([400, 200]);
    expect([colourAt(100, 100), colourAt(300, 100)]).toEqual([
      [255, 255, 255],
      [192, 48, 0],
    ]);
  },
  60_000,
);

it('no Electron, and one that fails, are problems with a way out', async () => {
  const missing = findPdfPrinter({ CORESCOPE_ELECTRON: '/nowhere/electron' });
  expect(missing).toMatchObject({
    ok: false,
    problem: { kind: 'no-pdf-printer', message: expect.stringContaining('/nowhere/electron') as string },
  });
  expect(problemOf(await printPdf('<p>', missing))).toBe('no-pdf-printer');

  const broken = join(temporaryFolder(), 'broken');
  writeFileSync(broken, '#!/bin/sh\necho "libnss3.so: cannot open shared object file" >&2; exit 127\n');
  chmodSync(broken, 0o755);
  const failed = await printPdf('<p>', { ok: true, value: { electron: broken, script: 'x' } });
  expect(failed).toMatchObject({
    ok: false,
    problem: {
      kind: 'pdf-not-printed',
      message:
        'Electron did not draw it: it ended with exit code 127. libnss3.so: cannot open shared object file',
    },
  });
});
