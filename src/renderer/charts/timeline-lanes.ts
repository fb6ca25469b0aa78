import { formatBytes } from '../../shared/format.ts';
import { laneLooks } from '../drawing/lane-painter.ts';
import { laneIds, type LaneId, type ThemeName, type ViewMessage } from '../drawing/protocol.ts';
import { tracksBy, type TrackId } from '../drawing/track-store.ts';
import { chartFontSize, chartThemes, type ChartTheme } from './chart-theme.ts';
import type { LaneBox, TimelineLayout } from './timeline-layout.ts';

/** What is written around the lanes; the worker draws what is in them. */
export interface LanesContent {
  readonly layout: TimelineLayout;
  readonly theme: ThemeName;
  readonly fontFamily: string;
  readonly laneEnds: Readonly<Record<LaneId, number>>;
  readonly newest: Readonly<Record<TrackId, number>>;
  readonly measureText: (text: string) => number;
}

const laneNames: Readonly<Record<LaneId, string>> = {
  cores: 'Effective cores of the run',
  wait: 'Run-queue wait',
  memory: 'Memory of the run (PSS)',
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

export function laneShapes(content: LanesContent) {
  return content.layout.lanes.flatMap((lane) => shapesOf(lane, content));
}

function shapesOf({ lane, box }: LaneBox, content: LanesContent) {
  const { theme, fontFamily, laneEnds, newest, measureText } = content;
  const colours = chartThemes[theme];
  const look = laneLooks[lane];
  const y = box.y - 10;
  const name = withValue(laneNames[lane], lane, newest[look.area]);
  const dashed = dashedNames[lane];
  const dashedX = box.x + keyWidth + keyGap + measureText(name) + 22;
  const words = (id: string, x: number, wordsY: number, text: string, align: 'left' | 'right' = 'left') => ({
    id: `${lane}-${id}`,
    type: 'text' as const,
    silent: true,
    x,
    y: wordsY,
    style: {
      text,
      fill: colours.quietText,
      fontFamily,
      fontSize: chartFontSize,
      align,
      verticalAlign: 'middle' as const,
    },
  });
  const stroke = (id: string, x1: number, x2: number, lineY: number, style: StrokeStyle) => ({
    id: `${lane}-${id}`,
    type: 'line' as const,
    silent: true,
    shape: { x1, y1: lineY, x2, y2: lineY },
    style,
  });
  const end = endText(lane, laneEnds[lane]);
  const dashedText = dashed === null ? '' : withValue(dashed.text, lane, newest[look.dashed ?? look.area]);
  const dashedLook = { stroke: colours.quietText, lineWidth: 1, lineDash: [3, 3] };
  const struckFrom = dashedX + keyWidth + keyGap;
  return [
    stroke('top', box.x, box.x + box.width, box.y - 0.5, { stroke: colours.faintLine, lineWidth: 1 }),
    stroke('bottom', box.x, box.x + box.width, box.y + box.height + 0.5, {
      stroke: colours.line,
      lineWidth: 1,
    }),
    words('end', box.x - 8, box.y + 5, end, 'right'),
    words('zero', box.x - 8, box.y + box.height - 4, end === '' ? '' : '0', 'right'),
    stroke('key', box.x, box.x + keyWidth, y, { stroke: lineColour(lane, colours), lineWidth: 1.5 }),
    words('name', box.x + keyWidth + keyGap, y, name),
    ...(dashed === null
      ? []
      : [
          stroke('dashed-key', dashedX, dashedX + keyWidth, y, dashedLook),
          words('dashed-name', struckFrom, y, dashedText),
          ...(dashed.struck
            ? [
                stroke('struck', struckFrom, struckFrom + measureText(dashedText), y + 0.5, {
                  stroke: colours.quietText,
                  lineWidth: 1,
                }),
              ]
            : []),
        ]),
  ];
}

interface StrokeStyle {
  readonly stroke: string;
  readonly lineWidth: number;
  readonly lineDash?: number[];
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
