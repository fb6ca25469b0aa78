import type { HeatScale } from '../../shared/palette.ts';
import type { Problem } from '../../shared/result.ts';
import type { EntityInfo } from '../../shared/sample.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type { HeatRow } from './heat-rows.ts';
import type { PlacedProcess } from './process-slots.ts';
import type { RangeStatistics } from './range-statistics.ts';
import type { TrackId } from './track-store.ts';

/** What the page and the drawing worker say to each other. Sizes are in device pixels, times on the session clock. */

export type ThemeName = 'light' | 'dark' | 'high-contrast';

/** How the samples that share one pixel become one colour. `max` keeps every peak; `mean` shows the average load. */
export type Reduction = 'max' | 'mean';

/**
 * What a row says: by colour how busy the core was, which worker (of what is watched: which process) was seen there or
 * how long they waited for it; or as a line how busy the core was.
 */
export type HeatMode = 'busy' | 'lines' | 'workers' | 'wait';

/** What can be drawn under the heatmap, on the same time axis. */
export const laneIds = ['cores', 'wait', 'memory'] as const;
export type LaneId = (typeof laneIds)[number];

/** Where a lane is drawn: from the top of the canvas. */
export interface LaneArea {
  readonly lane: LaneId;
  readonly topPx: number;
  readonly heightPx: number;
}

/** A worker of the run that is on, to be recognised in the samples. `slot` is 1 to 255 and stands for its colour. */
export interface DrawnWorker {
  readonly slot: number;
  readonly pid: number;
  readonly tid: number | null;
}

/** From the page to the worker as such. */
export type PageMessage =
  /** Hands over the sampler's port. A later port replaces the earlier one; the history stays. */
  | { readonly type: 'samples-port'; readonly port: MessagePort }
  /** Hands over the worker's end of the port of one more picture, over which `ViewRequest`s come. */
  | { readonly type: 'open-view'; readonly port: MessagePort }
  /** Draw new samples, and wake the page, no more often than this; 0 draws each as it comes. */
  | { readonly type: 'pace'; readonly everyMs: Milliseconds }
  /** Large frames that nobody looks at any more: collecting them here, among few objects, costs the page nothing. */
  | { readonly type: 'spent'; readonly buffers: readonly ArrayBuffer[] }
  /** Null: no run is on, and what is watched is told apart by its processes; `placed` tells which is which. */
  | { readonly type: 'workers'; readonly workers: readonly DrawnWorker[] | null };

/** From one picture's page side to the worker, over a port of its own. */
export type ViewRequest =
  /** Hands over the canvas to draw on. */
  | { readonly type: 'canvas'; readonly canvas: OffscreenCanvas }
  | {
      readonly type: 'layout';
      readonly widthPx: number;
      readonly heightPx: number;
      readonly devicePixelRatio: number;
      /** What is drawn; the store keeps as many cores as the frames have. */
      readonly rows: readonly HeatRow[];
      /** Height of the heatmap, from the top of the canvas. */
      readonly heatHeightPx: number;
      readonly lanes: readonly LaneArea[];
    }
  | { readonly type: 'theme'; readonly theme: ThemeName; readonly scale: HeatScale }
  | { readonly type: 'mode'; readonly mode: HeatMode }
  | { readonly type: 'reduction'; readonly reduction: Reduction }
  | { readonly type: 'visibility'; readonly visible: boolean }
  /** Follow the newest sample with a window of this length. */
  | { readonly type: 'follow'; readonly windowMs: Milliseconds }
  /** Hold this range still. */
  | { readonly type: 'inspect'; readonly startMs: SessionMs; readonly spanMs: Milliseconds }
  | {
      readonly type: 'hit-test';
      readonly requestId: number;
      readonly atMs: SessionMs;
      readonly core: number;
    }
  /** Asks what was going on in a range; answered by `statistics`. */
  | {
      readonly type: 'summarize';
      readonly requestId: number;
      readonly startMs: SessionMs;
      readonly endMs: SessionMs;
    }
  /** Asks for the cells of a range as numbers, in so many columns of equal length; answered by `cells`. */
  | {
      readonly type: 'tabulate';
      readonly requestId: number;
      readonly startMs: SessionMs;
      readonly endMs: SessionMs;
      readonly columns: number;
    }
  | { readonly type: 'close' };

/** What one pixel of the heatmap stands for. Shares are 0 to 1. */
export type Hit =
  | {
      readonly state: 'measured';
      readonly startMs: SessionMs;
      readonly endMs: SessionMs;
      readonly min: number;
      readonly mean: number;
      readonly max: number;
      readonly samples: number;
      /** The worker that was seen there most; 0 where none was, or it is not known any more. Approximate. */
      readonly slot: number;
      /** Share of the time that a worker there was ready and waited; NaN where none was. Approximate. */
      readonly waitShare: number;
      readonly tracks: Readonly<Record<TrackId, number>>;
    }
  /** The sampler was at work, but there is no sample of this core here. */
  | { readonly state: 'missing'; readonly startMs: SessionMs; readonly endMs: SessionMs }
  /** Before the first sample that is kept, or after the newest. */
  | { readonly state: 'outside' };

export type WorkerMessage =
  /** All encoded frames since the last message of this kind, oldest first; at most four messages a second. */
  | { readonly type: 'frames'; readonly buffers: readonly ArrayBuffer[] }
  | {
      readonly type: 'entities';
      readonly appeared: readonly EntityInfo[];
      readonly goneKeys: readonly number[];
    }
  | { readonly type: 'topology'; readonly topology: CoreTopology }
  /** Processes of what is watched have got slots, which hold for samples after this time. */
  | { readonly type: 'placed'; readonly sinceMs: SessionMs; readonly processes: readonly PlacedProcess[] }
  | { readonly type: 'problem'; readonly problem: Problem };

/** From the worker to one picture's page side. */
export type ViewAnswer =
  /** The range that has just been drawn, to the pixel, and what there is to look at. */
  | {
      readonly type: 'view';
      readonly startMs: SessionMs;
      readonly endMs: SessionMs;
      readonly live: boolean;
      /** Null while there are no samples. */
      readonly firstSampleMs: SessionMs | null;
      readonly latestSampleMs: SessionMs | null;
      /** What the top of each lane stands for: bytes or cores. */
      readonly laneEnds: Readonly<Record<LaneId, number>>;
      /** What was true at the right edge, or last before it. */
      readonly newest: Readonly<Record<TrackId, number>>;
    }
  | { readonly type: 'hit'; readonly requestId: number; readonly hit: Hit }
  | { readonly type: 'statistics'; readonly requestId: number; readonly statistics: RangeStatistics | null }
  | {
      readonly type: 'cells';
      readonly requestId: number;
      readonly columnMs: Milliseconds;
      readonly columns: readonly CellColumn[];
    };

/** One stretch of time in numbers; shares by the place of a core in a frame, NaN where there is no sample. */
export interface CellColumn {
  readonly startMs: SessionMs;
  readonly mean: Float64Array;
  readonly max: Float64Array;
  /** The worker or process that was seen there most; 0 for none. Approximate, and known of the last hour only. */
  readonly slot: Uint8Array;
  /** Share of the time that a worker there was ready and waited. As approximate. */
  readonly waitShare: Float64Array;
}

export type ViewMessage = Extract<ViewAnswer, { type: 'view' }>;

/** Gives the sampler's port to the drawing worker, which answers the sampler from then on. */
export function connectSamples(worker: Worker, port: MessagePort): void {
  const message: PageMessage = { type: 'samples-port', port };
  worker.postMessage(message, [port]);
}
