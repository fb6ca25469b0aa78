import type { EntityInfo, SampleFrame } from '../../shared/sample.ts';
import type { SessionMs } from '../../shared/units.ts';
import { HeatmapStore } from './heatmap-store.ts';
import { PlacementStore, slotFinder } from './placement-store.ts';
import { ProcessSlots, type PlacedProcess } from './process-slots.ts';
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
  private workerSlotOf: (entity: EntityInfo) => number = () => 0;
  /** Null while slots are those of workers alone. */
  private processSlots: ProcessSlots | null = null;

  /** Null: no run is on, and what is watched is told apart by its processes. The last samples of a run may still come. */
  setWorkers(workers: readonly DrawnWorker[] | null): void {
    if (workers !== null) {
      this.workerSlotOf = slotFinder(workers);
      this.processSlots = null;
    } else if (this.processSlots === null) {
      const runs = [...this.entities.values()].filter(({ owner }) => owner === 'run');
      this.processSlots = new ProcessSlots(new Set(runs.map(({ rootPid }) => rootPid)));
    }
  }

  private slotOf(entity: EntityInfo): number {
    const slot = this.workerSlotOf(entity);
    return slot === 0 && this.processSlots !== null ? this.processSlots.slotOf(entity) : slot;
  }

  /** Returns the processes of what is watched that have got a slot. */
  receiveEntities(appeared: readonly EntityInfo[], goneKeys: readonly number[]): readonly PlacedProcess[] {
    for (const entity of appeared) this.entities.set(entity.key, entity);
    for (const key of goneKeys) this.entities.delete(key);
    return this.processSlots?.receive(appeared, goneKeys) ?? [];
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
    placements.append(index, frame, this.entities, (entity) => this.slotOf(entity));
    return true;
  }
}
