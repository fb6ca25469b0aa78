import type { Milliseconds } from '../../shared/units.ts';
import type { HeatMode } from '../drawing/protocol.ts';
import type { CoreRow } from './core-rows.ts';
import { bandAt, type BandBox, type RunBand } from './run-bands.ts';
import type { NameOfSlot } from './slot-names.ts';
import type { TimelineLayout } from './timeline-layout.ts';
import type { TimelineLink } from './timeline-link.ts';
import { seriesIds } from './timeline-options.ts';
import { bandCard, coreCard, lanesCard } from './timeline-tooltip.ts';
import type { TimeBounds, TimeRange } from './time-range.ts';

/** What lies under the pointer, as it is at that moment. */
export interface HoverScene {
  readonly layout: TimelineLayout;
  readonly range: TimeRange;
  readonly bounds: TimeBounds;
  readonly rows: readonly CoreRow[];
  readonly mode: HeatMode;
  readonly bands: readonly RunBand[];
  readonly drawnBoxes: readonly BandBox[];
  readonly nameOf: NameOfSlot;
}

const refreshEveryMs: Milliseconds = 500;

/** The card beside the pointer: of a run's band, of a core at a time, or of the lanes at a time. */
export class TimelineHover {
  private readonly link: TimelineLink;
  private readonly scene: () => HoverScene;
  private pointer = { x: 0, y: 0 };
  private isOver = false;
  private refreshedAtMs = 0;
  private lastCard: HTMLElement | null = null;

  constructor(link: TimelineLink, scene: () => HoverScene) {
    this.link = link;
    this.scene = scene;
  }

  /** In CSS pixels of the host. */
  moveTo(x: number, y: number): void {
    this.pointer = { x, y };
    this.isOver = true;
  }

  leave(): void {
    this.isOver = false;
  }

  /** What is under a pointer that stays where it is moves on: has the card made anew, though not at every picture. */
  refresh(show: (x: number, y: number) => void): void {
    const nowMs = performance.now();
    if (!this.isOver || nowMs - this.refreshedAtMs < refreshEveryMs) return;
    this.refreshedAtMs = nowMs;
    show(this.pointer.x, this.pointer.y);
  }

  /** The card at once where all is known here; what the worker knows comes to `show` a frame later. */
  card(seriesId: string | undefined, show: (card: HTMLElement) => void): HTMLElement | string {
    const { layout, range, bounds, rows, mode, bands, drawnBoxes, nameOf } = this.scene();
    const { heat } = layout;
    const atMs = range.startMs + ((this.pointer.x - heat.x) / heat.width) * range.spanMs;
    const band = bandAt(bands, atMs);
    if (seriesId === seriesIds.bands) {
      const x = this.pointer.x - layout.bands.x;
      // A run too short to be hit by its time is still as wide as it is drawn.
      const hovered =
        band ?? drawnBoxes.findLast((box) => box.x <= x + 1 && x <= box.x + box.width + 1)?.band;
      return hovered === undefined ? '' : bandCard(hovered, bounds.latestMs);
    }
    const place = Math.floor(((this.pointer.y - heat.y) / heat.height) * rows.length);
    const row = rows[Math.min(rows.length - 1, Math.max(0, place))];
    if (row === undefined) return '';
    const lanes = layout.lanes.map(({ lane }) => lane);
    this.link.hit(atMs, row.core, (hit) => {
      const isLane = seriesId === seriesIds.lanes;
      this.lastCard = isLane
        ? lanesCard(atMs, lanes, hit, band)
        : coreCard(atMs, row, hit, band, mode, nameOf);
      show(this.lastCard);
    });
    // The answer is a frame away: until then the card of the place before stays.
    return this.lastCard ?? '';
  }
}
