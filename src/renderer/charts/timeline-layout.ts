/** In CSS pixels, from the top left corner of the host. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TimelineLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bands: Rect;
  readonly heat: Rect;
  readonly memory: Rect;
}

const marginLeft = 60;
/** For the names of groups of cores, left of the cores' own. */
const groupMargin = 18;
/** Half a time label, so that the last one is not cut off. */
const marginRight = 26;
const marginTop = 2;
const bandHeight = 20;
const bandGap = 6;
/** Between heatmap and memory; holds the caption of the memory lines. */
const captionHeight = 26;
const timeLabelsHeight = 26;
const memoryShare = 0.2;
const leastMemoryHeight = 36;
const mostMemoryHeight = 96;
const leastHeatHeight = 24;
const leastPlotWidth = 40;

/** Band row, heatmap and memory lines, one above the other. Whole pixels, so that the canvas is not resampled. */
export function timelineLayout(widthPx: number, heightPx: number, hasGroups: boolean): TimelineLayout {
  const left = marginLeft + (hasGroups ? groupMargin : 0);
  const width = Math.max(leastPlotWidth, Math.floor(widthPx) - left - marginRight);
  const shareable =
    Math.floor(heightPx) - marginTop - bandHeight - bandGap - captionHeight - timeLabelsHeight;
  const memoryHeight = Math.round(
    Math.min(mostMemoryHeight, Math.max(leastMemoryHeight, shareable * memoryShare)),
  );
  const heatHeight = Math.max(leastHeatHeight, shareable - memoryHeight);
  const heatTop = marginTop + bandHeight + bandGap;
  return {
    widthPx,
    heightPx,
    bands: { x: left, y: marginTop, width, height: bandHeight },
    heat: { x: left, y: heatTop, width, height: heatHeight },
    memory: { x: left, y: heatTop + heatHeight + captionHeight, width, height: memoryHeight },
  };
}

const leastCoreLabelPx = 15;

/** Every how many cores there is room for a label: a power of two. */
export function coreLabelStep(cores: number, heightPx: number): number {
  let step = 1;
  while ((heightPx / cores) * step < leastCoreLabelPx && step < cores) step *= 2;
  return step;
}
