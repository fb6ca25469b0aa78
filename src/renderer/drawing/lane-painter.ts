import type { History } from './history.ts';
import type { LaneColours, Palette } from './palette.ts';
import type { LaneArea, LaneId } from './protocol.ts';
import type { Stretch } from './sample-times.ts';
import type { TrackId } from './track-store.ts';

interface LaneLook {
  /** Drawn as a line with the area under it. */
  readonly area: TrackId;
  /** Drawn as a dashed line; null for none. */
  readonly dashed: TrackId | null;
  /** The top of the lane stands for at least this much. */
  readonly leastEnd: number;
  readonly colours: (palette: Palette) => LaneColours;
}

export const laneLooks: Readonly<Record<LaneId, LaneLook>> = {
  cores: { area: 'runCores', dashed: 'busyCores', leastEnd: 1, colours: ({ plain }) => plain },
  wait: { area: 'waitCores', dashed: null, leastEnd: 1, colours: ({ wait }) => wait },
  memory: { area: 'pssBytes', dashed: 'rssBytes', leastEnd: 2e7, colours: ({ plain }) => plain },
};

/** Device pixels, per unit of device pixel ratio: a dash and the gap behind it. */
const dashPx = 4;
const lineWidthPx = 1.5;

/** The end of an axis that shows so much: 1, 2, 4, 8 or 10 times a power of ten. */
export function laneEnd(most: number, leastEnd: number): number {
  if (!(most > leastEnd)) return leastEnd;
  const decade = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 4, 8].find((step) => step * decade >= most) ?? 10) * decade;
}

/** The end that a lane needs for what lies in a stretch. */
export function laneEndFor(lane: LaneId, { tracks }: History, stretch: Stretch): number {
  const { area, dashed, leastEnd } = laneLooks[lane];
  const most = tracks.read(stretch, area).max;
  const other = dashed === null ? Number.NaN : tracks.read(stretch, dashed).max;
  return laneEnd(Math.max(...[most, other, 0].filter((value) => !Number.isNaN(value))), leastEnd);
}

/** Where a column is painted. */
export interface LaneColumn {
  readonly pixels: Uint32Array;
  readonly widthPx: number;
  readonly devicePixelRatio: number;
  /** In the ring. */
  readonly x: number;
  readonly bucket: number;
}

/** Paints one column of a lane; null for `stretch` leaves it empty. Lowest to highest value are one upright line. */
export function paintLaneColumn(
  { lane, topPx, heightPx }: LaneArea,
  end: number,
  palette: Palette,
  history: History,
  stretch: Stretch | null,
  column: LaneColumn,
): void {
  const { pixels, widthPx, x, bucket, devicePixelRatio } = column;
  for (let y = topPx; y < topPx + heightPx; y += 1) pixels[y * widthPx + x] = 0;
  if (stretch === null) return;
  const { area, dashed, colours } = laneLooks[lane];
  const lineWidth = Math.max(1, Math.round(lineWidthPx * devicePixelRatio));
  const yOf = (value: number): number =>
    topPx + Math.round((1 - Math.min(1, value / end)) * (heightPx - lineWidth));
  const upright = (from: number, to: number, colour: number): void => {
    for (let y = from; y < to; y += 1) pixels[y * widthPx + x] = colour;
  };

  const main = history.tracks.read(stretch, area);
  if (main.samples > 0) {
    const { line, area: fill } = colours(palette);
    upright(yOf(main.max), topPx + heightPx, fill);
    upright(yOf(main.max), yOf(main.min) + lineWidth, line);
  }
  if (dashed === null) return;
  const dash = Math.max(1, Math.round(dashPx * devicePixelRatio));
  if (((bucket % (2 * dash)) + 2 * dash) % (2 * dash) >= dash) return;
  const other = history.tracks.read(stretch, dashed);
  if (other.samples === 0) return;
  const thin = Math.max(1, Math.round(devicePixelRatio));
  upright(yOf(other.mean), yOf(other.mean) + thin, palette.quietLine);
}
