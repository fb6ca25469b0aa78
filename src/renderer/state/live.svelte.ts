import { decodeFrame } from '../../shared/frame-codec.ts';
import type { WorkerInfo } from '../../shared/experiment-event.ts';
import type { Marker } from '../../shared/recording.ts';
import type { Problem } from '../../shared/result.ts';
import type { SampleFrame } from '../../shared/sample.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import type { CpuShare, SessionMs, UnixMs } from '../../shared/units.ts';
import type { EntitiesMessage, PlacedMessage } from '../lib/drawing-worker.ts';
import { SlotNames } from '../charts/slot-names.ts';
import type { LiveMarker } from '../charts/live-markers.ts';
import type { TimeRange } from '../charts/time-range.ts';
import type { PlacedProcess } from '../drawing/process-slots.ts';
import type { RangeStatistics } from '../drawing/range-statistics.ts';
import { CpuHistory } from './cpu-history.svelte.ts';
import { EntityDetails } from './entity-details.ts';
import { KnownEntities } from './known-entities.ts';
import { buildProcessTree, noTree, TreeGrower, type ProcessTree } from './process-tree.ts';
import { RowHistory } from './live-rows.ts';
import { EntityTable, takeCensus, type Census } from './tree-members.ts';
import { WorkerWaits, type WorkerWait } from './worker-waits.ts';

const mostPastWorkers = 2_000;
const mostMarkers = 2_000;
/** By more than this only a clock that was set, or a machine that slept, moves what the session's time 0 was. */
const clockIsSetMs = 30_000;
const noWorkers: readonly WorkerInfo[] = [];

/** What the sampler sees now, at the pace of the screen: the drawing worker passes frames on in batches. */
export class LiveState {
  frame: SampleFrame | null = $state.raw(null);
  /** The run's tree; while no run is on, the last one that was, at its fullest. */
  runTree: ProcessTree = $state.raw(noTree);
  runTreeIsCurrent = $state(false);
  /** When there was such a tree last: what was measured, or watched, till then. NaN before the first. */
  runTreeSeenMs: SessionMs = $state(Number.NaN);
  ownTree: ProcessTree = $state.raw(noTree);
  /** Of the run's workers, over the run so far; while no run is on, of the last one. */
  workerWaits: readonly WorkerWait[] = $state.raw([]);
  /** What the user has selected on a timeline; null for nothing. */
  selection: TimeRange | null = $state.raw(null);
  /** What was going on there; null while that is not known yet. */
  selectionStatistics: RangeStatistics | null = $state.raw(null);
  /** What the run's rows did there, every row at its peak of memory; null while nothing is selected. */
  selectionTree: ProcessTree | null = $state.raw(null);
  /** Ticks per second that the sampler really made, over the last few seconds; null before that is known. */
  achievedHz: number | null = $state(null);
  /** CPU of the sampler, over the same seconds: a single tick's is all noise. NaN before that is known. */
  ownCpuShare: CpuShare = $state(Number.NaN);
  droppedFrames = $state(0);
  /** The wall clock at the session's time 0, by the frame that travelled fastest; NaN before the first. */
  startedUnixMs: UnixMs = $state(Number.NaN);
  /** Null before the sampler has told it. */
  topology: CoreTopology | null = $state.raw(null);
  /** Processes of what is watched with the slots of their colours; empty while slots are workers. */
  placed: readonly PlacedProcess[] = $state.raw([]);
  /** Whom the slots stood for when. */
  readonly slotNames = new SlotNames();
  /** Why nothing can be drawn; null while all is well. */
  problem: Problem | null = $state.raw(null);

  // Not reactive on purpose: the trees are rebuilt once per frame, not once per entity.
  readonly #entities = new EntityTable();
  readonly #rows = new RowHistory();
  readonly #known = new KnownEntities(this.#rows);
  readonly #runGrower = new TreeGrower('run');
  readonly #ownGrower = new TreeGrower('corescope');
  #workers: readonly WorkerInfo[] = [];
  /** What has ended, but may still be in frames of the batch that is to come. */
  #goneKeys: number[] = [];
  /** Of frames that are still looked at. */
  #heldBuffers: readonly ArrayBuffer[] = [];
  readonly cpuHistory = new CpuHistory();
  readonly #details = new EntityDetails();
  readonly #waits = new WorkerWaits();
  #fullest: { readonly census: Census; readonly tree: ProcessTree } | null = null;
  #rateFrom: Pick<SampleFrame, 'atMs' | 'sequence'> | null = null;
  /** Of the frames since then: CPU time of the sampler in ms, and the time over which it was taken. */
  #ownCpu = { usedMs: 0, overMs: 0 };

  /** What the work has marked, in order of time; the oldest are forgotten where there are very many. */
  markers: readonly LiveMarker[] = $state.raw([]);

  addMarker({ name, kind }: Marker, atMs: SessionMs): void {
    this.markers = [...this.markers.slice(1 - mostMarkers), { name, kind, atMs }];
  }

  /** What tables show: the selected range where there is one, or else the run. */
  get shownTree(): ProcessTree {
    return this.selectionTree ?? this.runTree;
  }

  select(range: TimeRange | null): void {
    this.selection = range;
    this.selectionStatistics = null;
    this.#recount();
  }

  receiveEntities({ appeared, goneKeys }: EntitiesMessage): void {
    for (const entity of appeared) {
      this.#entities.set(entity.key, entity);
      this.#known.add(entity);
    }
    this.#goneKeys.push(...goneKeys);
  }

  receivePlaced({ sinceMs, processes }: PlacedMessage): void {
    this.slotNames.place(sinceMs, processes);
    const others = this.placed.filter(({ slot }) => !processes.some((process) => process.slot === slot));
    this.placed = [...others, ...processes];
  }

  /** A run begins: from now on slots are its workers. */
  placeWorkers(sinceMs: SessionMs): void {
    this.slotNames.beginWorkers(sinceMs);
    this.placed = [];
  }

  /** No more samples will come: what was true of the last one is not known to be true any more. */
  samplerEnded(problem: Problem): void {
    this.problem = problem;
    this.frame = null;
    this.achievedHz = null;
    this.ownCpuShare = Number.NaN;
    this.runTreeIsCurrent = false;
    this.runTree = this.#fullest?.tree ?? noTree;
    this.ownTree = noTree;
  }

  /**
   * Every frame counts towards the lines; the tables show the newest. Returns which of all buffers so far nobody here
   * will read any more: whoever wants them may have them.
   */
  receiveFrames(
    buffers: readonly ArrayBuffer[],
    workers: readonly WorkerInfo[],
    nowUnixMs: UnixMs = Date.now(),
  ): readonly ArrayBuffer[] {
    const frames = buffers.map((buffer) => decodeFrame(buffer));
    const frame = frames.at(-1);
    if (frame === undefined) return [];
    this.#placeInDay(nowUnixMs - frame.atMs);
    this.#rememberWorkers(workers);
    for (const each of frames) {
      this.#rows.add(each, this.#entities);
      this.cpuHistory.add(each);
    }
    const censuses = frames.map((each) => takeCensus(this.#entities, each, 'run'));
    for (const [index, each] of frames.entries()) {
      this.#details.receive(each);
      this.#waits.receive(each, censuses[index]?.rootKey ?? null, this.#entities, workers);
    }
    this.workerWaits = this.#waits.list();
    const treeOf = (each: SampleFrame): ProcessTree =>
      buildProcessTree(this.#entities, this.#details, each, 'run', workers);
    const newestTree = this.#runGrower.grow(this.#entities, this.#details, frame, workers, frames);
    this.#rememberFullest(frames, censuses, (each) => (each === frame ? newestTree : treeOf(each)));
    this.runTreeIsCurrent = newestTree.rowCount > 0;
    const lastSeen = frames[censuses.findLastIndex(({ rowCount }) => rowCount > 0)];
    if (lastSeen !== undefined) this.runTreeSeenMs = lastSeen.atMs;
    this.runTree = this.runTreeIsCurrent ? newestTree : (this.#fullest?.tree ?? noTree);
    this.ownTree = this.#ownGrower.grow(this.#entities, this.#details, frame, noWorkers, frames);
    for (const key of this.#goneKeys) {
      this.#entities.delete(key);
      this.#known.end(key);
      this.#details.forget(key);
    }
    this.#goneKeys = [];

    // Only a range that is not over yet can change.
    const selectedToMs = this.selection === null ? 0 : this.selection.startMs + this.selection.spanMs;
    if (selectedToMs >= (frames[0]?.atMs ?? 0)) this.#recount();
    this.droppedFrames += frames.reduce((sum, { droppedFrames }) => sum + droppedFrames, 0);
    this.frame = frame;
    for (const each of frames) this.#addOwnCpu(each);
    this.#measureRate(frame);
    return this.#letGo(buffers, frame);
  }

  /** Columns are views: whoever has a frame has its buffer. */
  #letGo(buffers: readonly ArrayBuffer[], newest: SampleFrame): readonly ArrayBuffer[] {
    const fullest = this.#fullest?.tree.frame ?? newest;
    const isHeld = (buffer: ArrayBuffer): boolean =>
      buffer === newest.keys.buffer || buffer === fullest.keys.buffer;
    const known = [...this.#heldBuffers, ...buffers];
    this.#heldBuffers = known.filter(isHeld);
    return known.filter((buffer) => !isHeld(buffer));
  }

  #placeInDay(startedUnixMs: UnixMs): void {
    const lateMs = startedUnixMs - this.startedUnixMs;
    if (!(lateMs >= 0 && lateMs < clockIsSetMs)) this.startedUnixMs = startedUnixMs;
  }

  #rememberWorkers(workers: readonly WorkerInfo[]): void {
    const fresh = workers.filter((worker) => !this.#workers.includes(worker));
    // The newest first: a process number that is used again means the newer worker.
    if (fresh.length > 0) this.#workers = [...fresh, ...this.#workers].slice(0, mostPastWorkers);
  }

  #recount(): void {
    const { selection } = this;
    const rows =
      selection === null ? null : this.#rows.over(selection.startMs, selection.startMs + selection.spanMs);
    if (selection === null) this.selectionTree = null;
    else if (rows === null) this.selectionTree = noTree;
    else {
      const { frame, peakPssBytes, peakRssBytes } = rows;
      const tree = buildProcessTree(this.#known.byKey, this.#details, frame, 'run', this.#workers);
      const totals = { ...tree.totals, pssBytes: peakPssBytes, rssBytes: peakRssBytes };
      this.selectionTree = { ...tree, totals };
    }
  }

  /** Workers leave one by one; what a run looked like is its tree at its fullest. */
  #rememberFullest(
    frames: readonly SampleFrame[],
    censuses: readonly Census[],
    treeOf: (frame: SampleFrame) => ProcessTree,
  ): void {
    let best = this.#fullest?.census ?? null;
    let bestFrame: SampleFrame | null = null;
    for (const [index, census] of censuses.entries()) {
      if (census.rowCount === 0) continue;
      if (census.rootKey === best?.rootKey && census.rowCount < best.rowCount) continue;
      best = census;
      bestFrame = frames[index] ?? null;
    }
    if (best !== null && bestFrame !== null) this.#fullest = { census: best, tree: treeOf(bestFrame) };
  }

  #addOwnCpu({ ownCpuShare, everyMs }: SampleFrame): void {
    if (Number.isNaN(ownCpuShare)) return;
    this.#ownCpu.usedMs += ownCpuShare * everyMs;
    this.#ownCpu.overMs += everyMs;
  }

  /** Over at least two seconds: a shorter span would show the jitter of single ticks. */
  #measureRate(frame: SampleFrame): void {
    const from = this.#rateFrom;
    if (from === null) {
      this.#rateFrom = { atMs: frame.atMs, sequence: frame.sequence };
      return;
    }
    const spanMs = frame.atMs - from.atMs;
    if (spanMs < 2000) return;
    this.achievedHz = ((frame.sequence - from.sequence) * 1000) / spanMs;
    this.ownCpuShare = this.#ownCpu.overMs === 0 ? Number.NaN : this.#ownCpu.usedMs / this.#ownCpu.overMs;
    this.#ownCpu = { usedMs: 0, overMs: 0 };
    this.#rateFrom = { atMs: frame.atMs, sequence: frame.sequence };
  }
}
