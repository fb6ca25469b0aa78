import { History } from '../../../src/renderer/drawing/history.ts';
import { plainRows } from '../../../src/renderer/drawing/heat-rows.ts';
import { HeatmapPainter, type PainterLook } from '../../../src/renderer/drawing/painter.ts';
import { paletteFor } from '../../../src/renderer/drawing/palette.ts';
import { tracksBy } from '../../../src/renderer/drawing/track-store.ts';
import type { DayRedraw } from '../plan.ts';

/** A day at 10 Hz of 64 cores, then redraws at every zoom: in a worker of the page, where the product draws. */
const cores = 64;
const everyMs = 100;
const samples = 24 * 3_600 * 10;
const widthPx = 1400;
const repeats = 25;

const history = History.ofCores(cores);
/** One sample of one core in the middle of the day: what a picture of the whole day must still show. */
const peakAt = samples / 2;

function fill(): number {
  const busy = new Float64Array(cores);
  for (let sample = 1; sample <= samples; sample += 1) {
    for (let core = 0; core < cores; core += 1) busy[core] = (((sample * 31 + core * 17) % 40) + 10) / 100;
    if (sample === peakAt) busy[7] = 1;
    history.heat.append(sample * everyMs, everyMs, busy);
    const index = history.heat.times.nextIndex - 1;
    history.tracks.append(
      index,
      tracksBy(() => sample % 50),
    );
  }
  return history.byteLength;
}

const look: PainterLook = {
  palette: paletteFor('dark'),
  mode: 'busy',
  reduction: 'max',
  laneEnds: { cores: 64, wait: 64, memory: 64 },
};
const layout = {
  widthPx,
  heightPx: 640,
  devicePixelRatio: 1,
  rows: plainRows(cores),
  heatHeightPx: 640,
  lanes: [],
};

function redraw(spanMs: number): DayRedraw {
  const painter = new HeatmapPainter(layout);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    // Another scale each time, as in a zoom: nothing that was painted can be used again.
    const bucketMs = (spanMs / widthPx) * (1 + repeat / 1e6);
    const centreMs = peakAt * everyMs + repeat * bucketMs;
    const firstBucket = Math.max(0, Math.floor((centreMs - spanMs / 2) / bucketMs));
    painter.paint(history, look, { firstBucket, bucketMs, horizonMs: samples * everyMs });
  }
  const peakIsSeen = painter.pixels.includes(look.palette.colours[250] ?? 0);
  return { repeats, peakIsSeen };
}

self.onmessage = ({ data }: MessageEvent<number | 'fill'>) => {
  self.postMessage(data === 'fill' ? fill() : redraw(data));
};
