/** Where a thread stands in the profile. */
export interface ThreadPlace {
  readonly name: string;
  readonly pid: string;
  readonly tid: number | string;
  readonly processName: string;
  readonly isMainThread: boolean;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** How a marker lies in time, as Gecko numbers it. */
const phase = { instant: 0, interval: 1 } as const;

/** Indexes into `categories` of the profile. */
const category = { other: 1, onCore: 2 } as const;

/**
 * One thread of a processed profile: samples with the CPU time since the one before, and markers. All samples have the
 * same stack of one frame, without which the profiler draws no CPU at all.
 */
export class ThreadTables {
  readonly place: ThreadPlace;
  readonly #strings = new Map<string, number>();
  readonly #time: number[] = [];
  readonly #cpuMicros: (number | null)[] = [];
  readonly #markers = {
    name: [] as number[],
    startTime: [] as number[],
    endTime: [] as (number | null)[],
    phase: [] as number[],
    category: [] as number[],
    data: [] as object[],
  };

  constructor(place: ThreadPlace) {
    this.place = place;
    this.#string('on a core');
  }

  addSample(atMs: number, cpuMicros: number | null): void {
    this.#time.push(atMs);
    this.#cpuMicros.push(cpuMicros);
  }

  /** `toMs` is null for a moment. */
  addMarker(name: string, fromMs: number, toMs: number | null, data: object): void {
    const markers = this.#markers;
    markers.name.push(this.#string(name));
    markers.startTime.push(fromMs);
    markers.endTime.push(toMs);
    markers.phase.push(toMs === null ? phase.instant : phase.interval);
    markers.category.push(category.other);
    markers.data.push(data);
  }

  toThread(): object {
    const { place } = this;
    const length = this.#time.length;
    return {
      processType: 'default',
      processName: place.processName,
      processStartupTime: place.fromMs,
      processShutdownTime: place.toMs,
      registerTime: place.fromMs,
      unregisterTime: place.toMs,
      pausedRanges: [],
      showMarkersInTimeline: this.#markers.name.length > 0,
      name: place.name,
      isMainThread: place.isMainThread,
      pid: place.pid,
      tid: place.tid,
      samples: {
        stack: new Array<number>(length).fill(0),
        time: this.#time,
        threadCPUDelta: this.#cpuMicros,
        weight: null,
        weightType: 'samples',
        length,
      },
      markers: { ...this.#markers, length: this.#markers.name.length },
      stackTable: {
        frame: [0],
        prefix: [null],
        category: [category.onCore],
        subcategory: [0],
        length: 1,
      },
      frameTable: {
        address: [-1],
        inlineDepth: [0],
        category: [category.onCore],
        subcategory: [0],
        func: [0],
        nativeSymbol: [null],
        innerWindowID: [null],
        implementation: [null],
        line: [null],
        column: [null],
        length: 1,
      },
      funcTable: {
        name: [0],
        isJS: [false],
        relevantForJS: [false],
        resource: [-1],
        fileName: [null],
        lineNumber: [null],
        columnNumber: [null],
        length: 1,
      },
      resourceTable: { lib: [], name: [], host: [], type: [], length: 0 },
      nativeSymbols: { libIndex: [], address: [], name: [], functionSize: [], length: 0 },
      stringArray: [...this.#strings.keys()],
    };
  }

  #string(text: string): number {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    this.#strings.set(text, this.#strings.size);
    return this.#strings.size - 1;
  }
}
