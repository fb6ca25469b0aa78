import type { LaneId, ViewRequest } from '../drawing/protocol.ts';
import type { CoreRow } from './core-rows.ts';

/** In CSS pixels, from the top left corner of the host. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LaneBox {
  readonly lane: LaneId;
  readonly box: Rect;
}

export interface TimelineLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bands: Rect;
  readonly heat: Rect;
  /** Below the heatmap, from the top. */
  readonly lanes: readonly LaneBox[];
  /** From the first lane's top to the last one's bottom; without height where there is none. */
  readonly allLanes: Rect;
  /** Heatmap and lanes: what the worker draws on. */
  readonly plot: Rect;
}

const marginLeft = 60;
/** For the names of groups of cores, left of the cores' own. */
const groupMargin = 24;
/** Half a time label, so that the last one is not cut off. */
const marginRight = 26;
const marginTop = 2;
const bandHeight = 20;
const bandGap = 6;
/** Above every lane; holds its caption. */
const captionHeight = 22;
const timeLabelsHeight = 26;
/** Of the height, for each lane. */
const laneShare = 0.13;
const leastLaneHeight = 26;
const mostLaneHeight = 72;
const leastHeatHeight = 24;
const leastPlotWidth = 40;

/** Band row, heatmap and lanes, one above the other. Whole pixels, so that the canvas is not resampled. */
export function timelineLayout(
  widthPx: number,
  heightPx: number,
  hasGroups: boolean,
  laneIds: readonly LaneId[],
): TimelineLayout {
  const x = marginLeft + (hasGroups ? groupMargin : 0);
  const width = Math.max(leastPlotWidth, Math.floor(widthPx) - x - marginRight);
  const shareable = Math.floor(heightPx) - marginTop - bandHeight - bandGap - timeLabelsHeight;
  const laneHeight = Math.round(Math.min(mostLaneHeight, Math.max(leastLaneHeight, shareable * laneShare)));
  const heatHeight = Math.max(leastHeatHeight, shareable - laneIds.length * (laneHeight + captionHeight));
  const heat = { x, y: marginTop + bandHeight + bandGap, width, height: heatHeight };
  const heatBottom = heat.y + heat.height;
  const lanes = laneIds.map((lane, index) => ({
    lane,
    box: {
      x,
      y: heatBottom + index * (laneHeight + captionHeight) + captionHeight,
      width,
      height: laneHeight,
    },
  }));
  const top = lanes[0]?.box.y ?? heatBottom;
  const bottom = top === heatBottom ? heatBottom : heatBottom + lanes.length * (laneHeight + captionHeight);
  return {
    widthPx,
    heightPx,
    bands: { x, y: marginTop, width, height: bandHeight },
    heat,
    lanes,
    allLanes: { x, y: top, width, height: bottom - top },
    plot: { x, y: heat.y, width, height: bottom - heat.y },
  };
}

const leastCoreLabelPx = 15;

/** Every how many cores there is room for a label: a power of two. */
export function coreLabelStep(cores: number, heightPx: number): number {
  let step = 1;
  while ((heightPx / cores) * step < leastCoreLabelPx && step < cores) step *= 2;
  return step;
}

/** The same for the worker, in the device pixels that its canvas really has. */
export function layoutRequest(
  { plot, heat, lanes }: TimelineLayout,
  canvasPx: { readonly width: number; readonly height: number },
  rows: readonly CoreRow[],
): Extract<ViewRequest, { type: 'layout' }> {
  const scale = plot.height === 0 ? 0 : canvasPx.height / plot.height;
  return {
    type: 'layout',
    widthPx: canvasPx.width,
    heightPx: canvasPx.height,
    devicePixelRatio: window.devicePixelRatio,
    rows: rows.map(({ core, gap }) => ({ core, gap })),
    heatHeightPx: Math.round(heat.height * scale),
    lanes: lanes.map(({ lane, box }) => {
      const topPx = Math.round((box.y - plot.y) * scale);
      return { lane, topPx, heightPx: Math.round((box.y - plot.y + box.height) * scale) - topPx };
    }),
  };
}
