import type { SessionMs } from '../../shared/units.ts';
import type { ThemeName } from '../drawing/protocol.ts';
import { chartThemes } from './chart-theme.ts';
import type { TimelineLayout } from './timeline-layout.ts';
import type { TimeRange } from './time-range.ts';

/** A cell of the heatmap: a time and a row from the top. */
export interface CellCursor {
  readonly atMs: SessionMs;
  readonly row: number;
}

/** A cell is at least this wide, so that it can be seen. */
const leastCellPx = 7;

/**
 * What lies over the picture and belongs to the user: the selected range and the cell cursor. Elements of the page,
 * not of the chart: moving them with the time costs no redraw of anything.
 */
export class TimelineOverlay {
  private readonly root = document.createElement('div');
  private readonly selection = document.createElement('div');
  private readonly selectionText = document.createElement('span');
  private readonly cell = document.createElement('div');
  private readonly voice = document.createElement('div');

  constructor(host: HTMLElement) {
    Object.assign(this.root.style, { position: 'absolute', overflow: 'hidden', pointerEvents: 'none' });
    Object.assign(this.selection.style, { position: 'absolute', top: '0', bottom: '0', left: '0' });
    Object.assign(this.selectionText.style, {
      position: 'absolute',
      top: '2px',
      left: '50%',
      transform: 'translateX(-50%)',
      padding: '0 6px',
      borderRadius: '4px',
      fontSize: '11px',
      fontVariantNumeric: 'tabular-nums',
      whiteSpace: 'nowrap',
    });
    Object.assign(this.cell.style, { position: 'absolute', left: '0', top: '0', boxSizing: 'border-box' });
    this.selection.dataset['testid'] = 'selection';
    this.cell.dataset['testid'] = 'cell-cursor';
    this.voice.className = 'visually-hidden';
    this.voice.setAttribute('aria-live', 'polite');
    this.voice.dataset['testid'] = 'cell-voice';
    this.selection.append(this.selectionText);
    this.root.append(this.selection, this.cell);
    host.append(this.root, this.voice);
  }

  place({ plot }: TimelineLayout, theme: ThemeName): void {
    const { text, panel, accent } = chartThemes[theme];
    Object.assign(this.root.style, {
      left: `${plot.x}px`,
      top: `${plot.y}px`,
      width: `${plot.width}px`,
      height: `${plot.height}px`,
    });
    this.selection.style.background = `color-mix(in srgb, ${accent} 18%, transparent)`;
    this.selection.style.boxShadow = `inset 1px 0 ${accent}, inset -1px 0 ${accent}`;
    Object.assign(this.selectionText.style, { background: accent, color: panel });
    this.cell.style.border = `2px solid ${text}`;
    this.cell.style.boxShadow = `0 0 0 1px ${panel}, inset 0 0 0 1px ${panel}`;
  }

  /** `range` is what is shown. */
  update(
    range: TimeRange,
    layout: TimelineLayout,
    selected: (TimeRange & { readonly text: string }) | null,
    cursor: (CellCursor & { readonly rows: number; readonly stepMs: number }) | null,
  ): void {
    const pxPerMs = layout.plot.width / range.spanMs;
    this.selection.hidden = selected === null;
    if (selected !== null) {
      this.selection.style.transform = `translateX(${(selected.startMs - range.startMs) * pxPerMs}px)`;
      this.selection.style.width = `${Math.max(1, selected.spanMs * pxPerMs)}px`;
      if (this.selectionText.textContent !== selected.text) this.selectionText.textContent = selected.text;
    }
    this.cell.hidden = cursor === null;
    if (cursor !== null) {
      const heightPx = layout.heat.height / cursor.rows;
      const widthPx = Math.max(leastCellPx, cursor.stepMs * pxPerMs);
      const x = (cursor.atMs - range.startMs) * pxPerMs - widthPx / 2;
      this.cell.style.transform = `translate(${x}px, ${cursor.row * heightPx}px)`;
      this.cell.style.width = `${widthPx}px`;
      this.cell.style.height = `${Math.max(leastCellPx, heightPx)}px`;
    }
  }

  say(words: string): void {
    this.voice.textContent = words;
  }

  remove(): void {
    this.root.remove();
    this.voice.remove();
  }
}
