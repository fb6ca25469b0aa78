import type { Problem } from '../../shared/result.ts';
import type { EntityInfo } from '../../shared/sample.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type { HeatRow } from './heat-rows.ts';

/** What the page and the drawing worker say to each other. Sizes are in device pixels, times on the session clock. */

export type ThemeName = 'light' | 'dark';

/** How the samples that share one pixel become one colour. `max` keeps every peak; `mean` shows the average load. */
export type Reduction = 'max' | 'mean';

export type PageMessage =
  /** Hands over the sampler's port. A later port replaces the earlier one; the history stays. */
  | { readonly type: 'samples-port'; readonly port: MessagePort }
  /** Hands over the canvas to draw on; null lets go of it. */
  | { readonly type: 'canvas'; readonly canvas: OffscreenCanvas | null }
  | {
      readonly type: 'layout';
      readonly widthPx: number;
      readonly heightPx: number;
      readonly devicePixelRatio: number;
      /** What is drawn; the store keeps as many cores as the frames have. */
      readonly rows: readonly HeatRow[];
    }
  | { readonly type: 'theme'; readonly theme: ThemeName }
  | { readonly type: 'reduction'; readonly reduction: Reduction }
  | { readonly type: 'visibility'; readonly visible: boolean }
  /** Draw new samples, and wake the page, no more often than this; 0 draws each as it comes. */
  | { readonly type: 'pace'; readonly everyMs: Milliseconds }
  /** Follow the newest sample with a window of this length. */
  | { readonly type: 'follow'; readonly windowMs: Milliseconds }
  /** Hold this range still. */
  | { readonly type: 'inspect'; readonly startMs: SessionMs; readonly spanMs: Milliseconds }
  | {
      readonly type: 'hit-test';
      readonly requestId: number;
      readonly atMs: SessionMs;
      readonly core: number;
    };

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
  /** The range that has just been drawn, to the pixel, and what there is to look at. */
  | {
      readonly type: 'view';
      readonly startMs: SessionMs;
      readonly endMs: SessionMs;
      readonly live: boolean;
      /** Null while there are no samples. */
      readonly firstSampleMs: SessionMs | null;
      readonly latestSampleMs: SessionMs | null;
    }
  | { readonly type: 'hit'; readonly requestId: number; readonly hit: Hit }
  | { readonly type: 'problem'; readonly problem: Problem };

export type ViewMessage = Extract<WorkerMessage, { type: 'view' }>;

/** Gives the sampler's port to the drawing worker, which answers the sampler from then on. */
export function connectSamples(worker: Worker, port: MessagePort): void {
  const message: PageMessage = { type: 'samples-port', port };
  worker.postMessage(message, [port]);
}
