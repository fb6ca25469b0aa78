import { formatDuration } from '../../shared/format.ts';
import type { SessionMs } from '../../shared/units.ts';
import type { HeatMode, ThemeName } from '../drawing/protocol.ts';
import type { CoreRow } from './core-rows.ts';
import type { NameOfSlot } from './slot-names.ts';
import type { TimelineLayout } from './timeline-layout.ts';
import type { TimelineLink } from './timeline-link.ts';
import { TimelineOverlay, type CellCursor } from './timeline-overlay.ts';
import { cellWords } from './timeline-tooltip.ts';
import { panRange, type TimeBounds, type TimeRange } from './time-range.ts';

/** What the user points at needs of the timeline under it. */
export interface PickSettings {
  readonly host: HTMLElement;
  readonly link: TimelineLink;
  readonly shown: () => TimeRange & { readonly live: boolean };
  readonly bounds: () => TimeBounds;
  readonly scene: () => {
    readonly layout: TimelineLayout;
    readonly rows: readonly CoreRow[];
    readonly mode: HeatMode;
  };
  /** Holds a range still. */
  readonly show: (range: TimeRange) => void;
  readonly onSelect: (range: TimeRange | null) => void;
  readonly nameOf: NameOfSlot;
}

/** The cell cursor goes through what is shown in so many steps. */
const cursorSteps = 120;
/** The pointer's cursor and the keys' are the same: a shorter selection than this is none. */
const shortestSelectionMs = 20;

/** The selected range and the cell cursor: where they are, how they are moved, what the cursor says. */
export class TimelinePick {
  private readonly settings: PickSettings;
  private readonly overlay: TimelineOverlay;
  private cursor: CellCursor | null = null;
  /** The end of the selection that stays while the other is moved. */
  private anchorMs: SessionMs | null = null;
  /** The selection while it is dragged; the owner hears of it when it is done. */
  private dragged: TimeRange | null = null;
  selected: TimeRange | null = null;

  constructor(settings: PickSettings) {
    this.settings = settings;
    this.overlay = new TimelineOverlay(settings.host);
  }

  place(theme: ThemeName): void {
    this.overlay.place(this.settings.scene().layout, theme);
  }

  update(): void {
    const { layout, rows } = this.settings.scene();
    const range = this.settings.shown();
    const selected = this.dragged ?? this.selected;
    this.overlay.update(
      range,
      layout,
      selected === null ? null : { ...selected, text: formatDuration(selected.spanMs) },
      this.cursor === null ? null : { ...this.cursor, rows: rows.length, stepMs: this.stepMs },
    );
  }

  remove(): void {
    this.overlay.remove();
  }

  setSelected(range: TimeRange | null): void {
    this.selected = range;
    if (range === null) this.anchorMs = null;
    this.update();
  }

  /** Whether there was a selection to let go of. */
  clear(): boolean {
    if (this.selected === null) return false;
    this.select(null);
    return true;
  }

  drag(phase: 'begin' | 'move' | 'end', fraction: number): void {
    const atMs = this.timeAt(fraction);
    if (phase === 'begin') {
      this.anchorMs = atMs;
      this.dragged = null;
      return;
    }
    const range = this.rangeTo(atMs);
    if (phase === 'move') {
      this.dragged = range;
      this.update();
    } else {
      this.dragged = null;
      this.select(range);
    }
  }

  /** Puts the cell cursor where the pointer is, if that is a cell. */
  point(fraction: number, y: number): void {
    const { layout, rows } = this.settings.scene();
    const row = Math.floor(((y - layout.heat.y) / layout.heat.height) * rows.length);
    if (row < 0 || row >= rows.length) return;
    this.anchorMs = null;
    this.setCursor({ atMs: this.timeAt(fraction), row });
  }

  move(columns: number, rowsDown: number, isExtending: boolean): void {
    const { rows } = this.settings.scene();
    const shown = this.settings.shown();
    const { firstMs, latestMs } = this.settings.bounds();
    if (latestMs === 0) return;
    // A cursor on a picture that runs away cannot be followed.
    if (shown.live) this.settings.show(shown);
    const { stepMs } = this;
    const isInSight =
      this.cursor !== null &&
      this.cursor.atMs >= shown.startMs &&
      this.cursor.atMs <= shown.startMs + shown.spanMs;
    const from =
      this.cursor !== null && isInSight
        ? this.cursor
        : { atMs: Math.min(latestMs, shown.startMs + shown.spanMs) - stepMs / 2, row: this.cursor?.row ?? 0 };
    const atMs = Math.min(latestMs, Math.max(firstMs, from.atMs + columns * stepMs));
    const row = Math.min(rows.length - 1, Math.max(0, from.row + rowsDown));
    if (isExtending) {
      this.anchorMs ??= from.atMs;
      this.setCursor({ atMs, row });
      this.select(this.rangeTo(atMs));
    } else {
      this.anchorMs = null;
      this.setCursor({ atMs, row });
    }
  }

  private get stepMs(): number {
    return this.settings.shown().spanMs / cursorSteps;
  }

  private setCursor(cursor: CellCursor): void {
    this.cursor = cursor;
    this.bringIntoSight(cursor.atMs);
    this.update();
    const { rows, mode } = this.settings.scene();
    const row = rows[cursor.row];
    if (row === undefined) return;
    this.settings.link.hit(cursor.atMs, row.core, (hit) => {
      if (this.cursor === cursor) {
        this.overlay.say(cellWords(cursor.atMs, row, hit, mode, this.settings.nameOf));
      }
    });
  }

  private bringIntoSight(atMs: SessionMs): void {
    const shown = this.settings.shown();
    const outMs =
      atMs < shown.startMs ? atMs - shown.startMs : Math.max(0, atMs - shown.startMs - shown.spanMs);
    if (outMs === 0) return;
    this.settings.show(
      panRange(shown, (outMs + Math.sign(outMs) * this.stepMs) / shown.spanMs, this.settings.bounds()),
    );
  }

  private select(range: TimeRange | null): void {
    this.selected = range !== null && range.spanMs >= shortestSelectionMs ? range : null;
    if (range === null) this.anchorMs = null;
    this.settings.onSelect(this.selected);
    this.update();
  }

  private timeAt(fraction: number): SessionMs {
    const { startMs, spanMs } = this.settings.shown();
    return startMs + fraction * spanMs;
  }

  private rangeTo(atMs: SessionMs): TimeRange {
    const anchorMs = this.anchorMs ?? atMs;
    return { startMs: Math.min(anchorMs, atMs), spanMs: Math.abs(atMs - anchorMs) };
  }
}
