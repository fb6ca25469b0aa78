import { formatBytes } from '../../shared/format.ts';
import { laneLooks } from '../drawing/lane-painter.ts';
import { laneIds, type LaneId, type ThemeName, type ViewMessage } from '../drawing/protocol.ts';
import { tracksBy, type TrackId } from '../drawing/track-store.ts';
import { chartFontSize, chartThemes, type ChartTheme } from './chart-theme.ts';
import type { Rect, TimelineLayout } from './timeline-layout.ts';

/** What the tracks say last. */
export type LaneValues = Readonly<Record<TrackId, number>>;

export interface LaneFramesContent {
  readonly layout: TimelineLayout;
  readonly theme: ThemeName;
  readonly fontFamily: string;
  readonly laneEnds: Readonly<Record<LaneId, number>>;
}

export interface LaneCaptionContent {
  readonly theme: ThemeName;
  readonly fontFamily: string;
  readonly newest: LaneValues;
  readonly measureText: (text: string) => number;
}

const laneNames: Readonly<Record<LaneId, string>> = {
  cores: 'Effective cores of the work',
  wait: 'Run-queue wait',
  memory: 'Memory of the work (PSS)',
};
/** What the dashed line is; struck through where it must not be taken for the truth. */
const dashedNames: Readonly<Record<LaneId, { readonly text: string; readonly struck: boolean } | null>> = {
  cores: { text: 'All cores busy', struck: false },
  wait: null,
  memory: { text: 'Sum of RSS', struck: true },
};

const keyWidth = 16;
const keyGap = 6;

export function laneValueText(lane: LaneId, value: number): string {
  if (lane === 'memory') return formatBytes(value);
  return Number.isNaN(value) ? 'n/a' : value.toFixed(2);
}

/** Ends of axes are whole numbers of cores, or round numbers of bytes. */
function endText(lane: LaneId, end: number): string {
  if (Number.isNaN(end)) return '';
  return lane === 'memory' ? formatBytes(end).replace('.0 ', ' ') : String(end);
}

/** What ECharts draws around the lanes: their edges, and what their tops stand for. */
export function laneFrames({ layout, theme, fontFamily, laneEnds }: LaneFramesContent) {
  return layout.lanes.flatMap(({ lane, box }) => {
    const colours = chartThemes[theme];
    const edge = (id: string, y: number, colour: string) => ({
      id: `${lane}-${id}`,
      type: 'line' as const,
      silent: true,
      shape: { x1: box.x, y1: y, x2: box.x + box.width, y2: y },
      style: { stroke: colour, lineWidth: 1 },
    });
    const words = (id: string, y: number, text: string) => ({
      id: `${lane}-${id}`,
      type: 'text' as const,
      silent: true,
      x: box.x - 8,
      y,
      style: {
        text,
        fill: colours.quietText,
        fontFamily,
        fontSize: chartFontSize,
        align: 'right' as const,
        verticalAlign: 'middle' as const,
      },
    });
    const end = endText(lane, laneEnds[lane]);
    return [
      edge('top', box.y - 0.5, colours.faintLine),
      edge('bottom', box.y + box.height + 0.5, colours.line),
      words('end', box.y + 5, end),
      words('zero', box.y + box.height - 4, end === '' ? '' : '0'),
    ];
  });
}

/** Above a lane: what its line and its dashed line are, each with its newest value. */
export function drawLaneCaption(
  context: CanvasRenderingContext2D,
  lane: LaneId,
  box: Rect,
  { theme, fontFamily, newest, measureText }: LaneCaptionContent,
): void {
  const colours = chartThemes[theme];
  const look = laneLooks[lane];
  const y = box.y - 10;
  const stroke = (fromX: number, toX: number, lineY: number, colour: string, width: number): void => {
    context.beginPath();
    context.moveTo(fromX, lineY);
    context.lineTo(toX, lineY);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  };
  context.font = `${chartFontSize}px ${fontFamily}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = colours.quietText;
  const name = withValue(laneNames[lane], lane, newest[look.area]);
  stroke(box.x, box.x + keyWidth, y, lineColour(lane, colours), 1.5);
  context.fillText(name, box.x + keyWidth + keyGap, y);
  const dashed = dashedNames[lane];
  if (dashed === null) return;
  const dashedX = box.x + keyWidth + keyGap + measureText(name) + 22;
  const text = withValue(dashed.text, lane, newest[look.dashed ?? look.area]);
  const textX = dashedX + keyWidth + keyGap;
  context.setLineDash([3, 3]);
  stroke(dashedX, dashedX + keyWidth, y, colours.quietText, 1);
  context.setLineDash([]);
  context.fillText(text, textX, y);
  if (dashed.struck) stroke(textX, textX + measureText(text), y + 0.5, colours.quietText, 1);
}

function withValue(name: string, lane: LaneId, value: number): string {
  return Number.isNaN(value) ? name : `${name} ${laneValueText(lane, value)}`;
}

function lineColour(lane: LaneId, { strongLine, wait }: ChartTheme): string {
  return lane === 'wait' ? wait : strongLine;
}

/** Before the worker has drawn anything. */
export const unknownEnds = { cores: Number.NaN, wait: Number.NaN, memory: Number.NaN };
export const unknownTracks = tracksBy(() => Number.NaN);

/** Whether the lanes' axes say the same. */
export function isSameEnds(
  one: Pick<ViewMessage, 'laneEnds'>,
  other: Pick<ViewMessage, 'laneEnds'>,
): boolean {
  return laneIds.every((lane) => Object.is(one.laneEnds[lane], other.laneEnds[lane]));
}
