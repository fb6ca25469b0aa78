import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { experimentToPng, experimentToSvg } from '../../../../src/engine/export/experiment-picture.ts';
import { findPdfPrinter } from '../../../../src/engine/export/pdf.ts';
import { wallTimeChartSize } from '../../../../src/engine/export/report-chart.ts';
import { valueOf } from '../recording/support/made-recording.ts';
import { experimentFrom } from './sample-experiment.ts';

const experiment = experimentFrom();

it('the chart of a comparison stands alone: its size, its colours, its words, and nothing from elsewhere', () => {
  const svg = experimentToSvg(experiment);
  const { widthPx, heightPx } = wallTimeChartSize(experiment);
  expect(svg).toMatch(
    new RegExp(`^<svg width="${widthPx}" height="${heightPx}" [^>]*xmlns="http://www.w3.org/2000/svg"`),
  );
  for (const [, name] of svg.matchAll(/var\(([^)]+)\)/g)) expect(svg).toContain(`${name}: #`);
  expect(svg).toContain('>processes × 2</text>');
  expect(svg.replaceAll(/ xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/https?:|url\(|<script/);
  expect(svg).toMatch(/<\/svg>$/);
});

it.skipIf(!findPdfPrinter().ok)(
  'as PNG it is drawn twice as large, in the colours of the report',
  async () => {
    const { width, height, data, channels } = decode(valueOf(await experimentToPng(experiment)));
    const { widthPx, heightPx } = wallTimeChartSize(experiment);
    expect([width, height]).toEqual([2 * widthPx, 2 * heightPx]);
    const colours = new Set<string>();
    for (let place = 0; place < data.length; place += channels) {
      colours.add([data[place], data[place + 1], data[place + 2]].join());
    }
    // Page, a bar, the recommended one.
    // The axis' last line, near the right edge, and its name, near the lower one.
    const isDrawn = (x: number, y: number): boolean => data[(y * width + x) * channels] !== 255;
    const right = Array.from({ length: 400 }, (_, step) => isDrawn(width - 172 - 200 + step, 60));
    expect(right).toContain(true);
    for (const colour of ['255,255,255', '195,202,212', '63,157,134']) expect(colours).toContain(colour);
  },
);
