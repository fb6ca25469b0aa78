import { coreLabelStep, type Rect } from './timeline-layout.ts';

export { coreLabelStep };

export interface RecordingLayout {
  readonly bands: Rect;
  readonly heat: Rect;
  readonly cores: Rect;
  readonly memory: Rect;
  readonly heightPx: number;
}

const marginLeft = 64;
/** Half a time label, so that the last one is not cut off. */
const marginRight = 22;
const bandRowPx = 17;
const captionPx = 24;
const timeLabelsPx = 24;
const linePlotPx = 78;
const leastHeatPx = 96;
const mostHeatPx = 320;

/** CSS pixels that a core gets: enough to be seen alone, and few enough that 64 of them fit. */
function heatHeight(cores: number): number {
  return Math.min(mostHeatPx, Math.max(leastHeatPx, cores * (cores <= 8 ? 24 : 10)));
}

/** Phases, heatmap, load and memory one above the other on one time axis. */
export function recordingLayout(widthPx: number, cores: number, bandRows: number): RecordingLayout {
  const width = Math.max(40, Math.floor(widthPx) - marginLeft - marginRight);
  const x = marginLeft;
  const bands = { x, y: 2, width, height: bandRows * bandRowPx };
  const heat = { x, y: bands.y + bands.height + 6, width, height: heatHeight(cores) };
  const load = { x, y: heat.y + heat.height + captionPx, width, height: linePlotPx };
  const memory = { x, y: load.y + load.height + captionPx, width, height: linePlotPx };
  return { bands, heat, cores: load, memory, heightPx: memory.y + memory.height + timeLabelsPx };
}

export const bandRowHeightPx = bandRowPx;
