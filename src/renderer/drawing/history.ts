import type { EntityInfo, SampleFrame } from '../../shared/sample.ts';
import type { SessionMs } from '../../shared/units.ts';
import { HeatmapStore } from './heatmap-store.ts';
import { PlacementStore, slotFinder } from './placement-store.ts';
import type { DrawnWorker } from './protocol.ts';
import type { HistorySize } from './sample-times.ts';
import { tracksOf, TrackStore } from './track-store.ts';

/** All that is kept of the samples, for as many cores as the newest frame has. */
export class History {
  readonly heat: HeatmapStore;
  readonly tracks: TrackStore;
  readonly placements: PlacementStore;

  constructor(heat: HeatmapStore) {
    this.heat = heat;
    this.tracks = new TrackStore(heat.times);
    this.placements = new PlacementStore(heat.times, heat.cores);
  }

  static ofCores(cores: number, size?: HistorySize): History {
    return new History(new HeatmapStore(cores, size));
  }

  get byteLength(): number {
    return this.heat.byteLength + this.tracks.byteLength + this.placements.byteLength;
  }

  get latestMs(): SessionMs | null {
    return this.heat.latestMs;
  }
}

/** Takes in frames and entities, in the order in which the sampler sends them. */
export class HistoryKeeper {
  history: History | null = null;
  private readonly entities = new Map<number, EntityInfo>();
  private slotOf: (entity: EntityInfo) => number = () => 0;

  setWorkers(workers: readonly DrawnWorker[]): void {
    this.slotOf = slotFinder(workers);
  }

  receiveEntities(appeared: readonly EntityInfo[], goneKeys: readonly number[]): void {
    for (const entity of appeared) this.entities.set(entity.key, entity);
    for (const key of goneKeys) this.entities.delete(key);
  }

  /** False where the frame has no cores, or comes after a later one. */
  receive(frame: SampleFrame): boolean {
    const cores = frame.coreBusy.length;
    if (cores === 0) return false;
    this.history ??= History.ofCores(cores);
    // A core that is plugged in is rare enough for what was known of the run before to be given up.
    if (cores > this.history.heat.cores) this.history = new History(this.history.heat.widened(cores));
    const { heat, tracks, placements } = this.history;
    if (!heat.append(frame.atMs, frame.everyMs, frame.coreBusy)) return false;
    const index = heat.times.nextIndex - 1;
    tracks.append(index, tracksOf(frame, this.entities));
    placements.append(index, frame, this.entities, this.slotOf);
    return true;
  }
}
