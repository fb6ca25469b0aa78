import type { HeatScale } from '../../shared/palette.ts';
import type { Milliseconds } from '../../shared/units.ts';
import type { HeatMode, LaneId, Reduction, ThemeName } from '../drawing/protocol.ts';
import type { RangeStatistics } from '../drawing/range-statistics.ts';
import type { CoreRow } from './core-rows.ts';
import type { RunBand } from './run-bands.ts';
import type { NameOfSlot } from './slot-names.ts';
import type { CellTable } from './timeline-link.ts';
import type { TimeRange } from './time-range.ts';

/** What is shown, and whether it follows the newest sample. */
export interface ShownRange extends TimeRange {
  readonly live: boolean;
}

export interface TimelineSettings {
  /** Gets a canvas and a chart as children, is made focusable, and must have a size. */
  readonly host: HTMLElement;
  readonly worker: Worker;
  readonly theme: ThemeName;
  /** The colours of the heatmap. */
  readonly scale?: HeatScale;
  readonly rows: readonly CoreRow[];
  /** Below the heatmap, from the top. */
  readonly lanes?: readonly LaneId[];
  /** Length of the window that follows the newest sample. */
  readonly liveWindowMs?: Milliseconds;
  /** Whom the colours of who ran where stand for. */
  readonly nameOf?: NameOfSlot;
  /** Called when the user has selected a range, and with null when they let go of it. */
  readonly onSelect?: (range: TimeRange | null) => void;
}

export interface Timeline {
  setTheme(theme: ThemeName, scale: HeatScale): void;
  /** In order of time. */
  setRunBands(bands: readonly RunBand[]): void;
  /** The cores, from the top. */
  setRows(rows: readonly CoreRow[]): void;
  setLanes(lanes: readonly LaneId[]): void;
  setMode(mode: HeatMode): void;
  setReduction(reduction: Reduction): void;
  setLiveWindow(windowMs: Milliseconds): void;
  /** Shows a range as selected, wherever it was selected. */
  setSelection(range: TimeRange | null): void;
  /** Draws new samples no more often than this; 0 draws each as it comes. What the user does is drawn at once. */
  setPace(everyMs: Milliseconds): void;
  /** Holds still what is shown now. */
  pause(): void;
  backToLive(): void;
  readonly isLive: boolean;
  /** What is shown. */
  readonly shown: ShownRange;
  /** What was going on in a range; null while nothing was sampled. */
  summarize(range: TimeRange): Promise<RangeStatistics | null>;
  /** The shares of a range, in so many columns of equal length. */
  tabulate(range: TimeRange, columns: number): Promise<CellTable>;
  /** Called when what is shown changes, about as often as frames arrive while live. Returns what ends the calls. */
  onRangeChange(listener: (range: ShownRange) => void): () => void;
  /** Follows the host by itself; for a change of style that leaves the size as it is. */
  resize(): void;
  destroy(): void;
}
