import type { SessionMs } from '../../shared/units.ts';
import type { LaneId, ThemeName } from '../drawing/protocol.ts';
import { chartFontSize, chartThemes } from './chart-theme.ts';
import type { BandBox } from './run-bands.ts';
import { strategyColour } from './strategy-colours.ts';
import { drawLaneCaption, type LaneValues } from './timeline-lanes.ts';
import type { Rect, TimelineLayout } from './timeline-layout.ts';
import { formatSessionTime, timeTicks, type TimeRange } from './time-range.ts';

/** What goes on with time: the runs, the captions of the lanes, the times. */
export interface StripsContent {
  readonly layout: TimelineLayout;
  readonly theme: ThemeName;
  readonly fontFamily: string;
  readonly range: TimeRange;
  readonly bandBoxes: readonly BandBox[];
  readonly newest: LaneValues;
  readonly measureText: (text: string) => number;
}

/** Half a time label may stand out of the plot on either side. */
const labelOverhangPx = 26;
const tickPx = 4;
const labelBelowPx = 17;
const timesHeightPx = 26;
/** Under a band: the line that says where the work itself is. */
const workLinePx = 3;
const warmUpOpacity = 0.35;

/** A small canvas of its own, in the host's coordinates. */
class Strip {
  readonly canvas = document.createElement('canvas');
  private readonly context = this.canvas.getContext('2d');
  private rect: Rect = { x: 0, y: 0, width: 0, height: 0 };
  private pixelRatio = 1;

  place(rect: Rect, pixelRatio: number): void {
    this.rect = rect;
    this.pixelRatio = pixelRatio;
    this.canvas.width = Math.round(rect.width * pixelRatio);
    this.canvas.height = Math.round(rect.height * pixelRatio);
    Object.assign(this.canvas.style, {
      position: 'absolute',
      left: `${rect.x}px`,
      top: `${rect.y}px`,
      width: `${rect.width}px`,
      height: `${rect.height}px`,
    });
  }

  draw(paint: (context: CanvasRenderingContext2D) => void): void {
    const { context, rect, pixelRatio } = this;
    if (context === null) return;
    context.setTransform(pixelRatio, 0, 0, pixelRatio, -rect.x * pixelRatio, -rect.y * pixelRatio);
    context.clearRect(rect.x, rect.y, rect.width, rect.height);
    paint(context);
  }
}

/**
 * The parts of the timeline that change as time goes on, each on a canvas just large enough for it: drawing all of
 * them costs a tenth of what it costs ECharts to draw its chart, and what is rastered anew is a few lines of pixels.
 */
export class TimelineStrips {
  private readonly root = document.createElement('div');
  private readonly bands = new Strip();
  private readonly times = new Strip();
  private captions: readonly { readonly lane: LaneId; readonly strip: Strip; said: string }[] = [];

  constructor(host: HTMLElement) {
    this.root.setAttribute('aria-hidden', 'true');
    Object.assign(this.root.style, { position: 'absolute', inset: '0', pointerEvents: 'none' });
    this.root.append(this.bands.canvas, this.times.canvas);
    host.append(this.root);
  }

  place({ bands, plot, lanes }: TimelineLayout, pixelRatio: number): void {
    this.bands.place({ ...bands, height: bands.height + workLinePx }, pixelRatio);
    const x = plot.x - labelOverhangPx;
    const width = plot.width + 2 * labelOverhangPx;
    this.times.place({ x, y: plot.y + plot.height, width, height: timesHeightPx }, pixelRatio);
    for (const { strip } of this.captions) strip.canvas.remove();
    this.captions = lanes.map(({ lane, box }) => {
      const strip = new Strip();
      strip.place({ x: box.x, y: box.y - 20, width: box.width, height: 19 }, pixelRatio);
      this.root.append(strip.canvas);
      return { lane, strip, said: '' };
    });
  }

  draw(content: StripsContent): void {
    this.bands.draw((context) => {
      for (const box of content.bandBoxes) drawBand(context, box, content);
    });
    this.times.draw((context) => drawTimes(context, content));
    for (const caption of this.captions) {
      const { lane, strip } = caption;
      const box = content.layout.lanes.find((each) => each.lane === lane)?.box;
      if (box === undefined) continue;
      // Most of the time its numbers are those of before.
      const said = JSON.stringify([content.theme, content.fontFamily, content.newest]);
      if (said === caption.said) continue;
      caption.said = said;
      strip.draw((context) => drawLaneCaption(context, lane, box, content));
    }
  }

  remove(): void {
    this.root.remove();
  }
}

function drawTimes(
  context: CanvasRenderingContext2D,
  { layout, theme, fontFamily, range }: StripsContent,
): void {
  const { x, y, width, height } = layout.plot;
  const colours = chartThemes[theme];
  const bottom = y + height;
  context.strokeStyle = colours.line;
  context.fillStyle = colours.quietText;
  context.lineWidth = 1;
  context.font = `${chartFontSize}px ${fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const { stepMs, ticksMs } = timeTicks(range, width);
  const xOf = (atMs: SessionMs): number => x + ((atMs - range.startMs) / range.spanMs) * width;
  context.beginPath();
  context.moveTo(x, bottom + 0.5);
  context.lineTo(x + width, bottom + 0.5);
  for (const atMs of ticksMs) {
    const tickX = Math.round(xOf(atMs)) + 0.5;
    context.moveTo(tickX, bottom);
    context.lineTo(tickX, bottom + tickPx);
  }
  context.stroke();
  for (const atMs of ticksMs) {
    context.fillText(formatSessionTime(atMs, stepMs), xOf(atMs), bottom + labelBelowPx);
  }
}

function drawBand(
  context: CanvasRenderingContext2D,
  { band, x, width, textX, text, work }: BandBox,
  { layout, theme, fontFamily }: StripsContent,
): void {
  const row = layout.bands;
  const colours = chartThemes[theme];
  const { fill, onFill } = strategyColour(theme, band.strategy);
  const inset = band.warmUp && width > 3 ? 0.5 : 0;
  const radius = Math.min(3, width / 2);
  context.beginPath();
  context.roundRect(row.x + x + inset, row.y + inset, width - 2 * inset, row.height - 2 * inset, radius);
  context.fillStyle = fill;
  context.globalAlpha = band.warmUp ? warmUpOpacity : 1;
  context.fill();
  context.globalAlpha = 1;
  if (band.warmUp) {
    context.strokeStyle = fill;
    context.lineWidth = 1;
    context.setLineDash([2, 2]);
    context.stroke();
    context.setLineDash([]);
  }
  // The work itself, underlined: the rest of the run is start-up and tear-down.
  context.fillStyle = colours.strongLine;
  if (work !== null) context.fillRect(row.x + work.x, row.y + row.height + 1, work.width, 2);
  context.font = `${chartFontSize}px ${fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = band.warmUp ? colours.text : onFill;
  context.fillText(text, row.x + textX, row.y + row.height / 2 + 0.5);
}
