import type { CoreColumns, FrameHeader, SamplerMessage, WatchedRoot } from '../../shared/sample.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import type { SessionMs } from '../../shared/units.ts';
import type { CoreReader } from './core-reader.ts';
import { coreErrorShare, createCoreWindow } from './core-window.ts';

/** All that a tick does about cores. */
export interface CoreRounds {
  /** The limits that count are those of the run that was watched last; without one, of this process. */
  watch(root: WatchedRoot): void;
  unwatch(pid: number): void;
  /** Reads them; tells the topology where it is new. */
  take(publish: (message: SamplerMessage) => void): void;
  readonly coreCount: number;
  /** When the last reading was taken. */
  readonly atMs: SessionMs;
  /** Into columns that are as long as `coreCount` and NaN. */
  write(columns: CoreColumns): void;
  readonly header: Pick<FrameHeader, 'coreWindowMs' | 'coreErrorShare' | 'throttledShare'>;
}

export function createCoreRounds(reader: CoreReader, nowMs: () => SessionMs): CoreRounds {
  const window = createCoreWindow();
  const runs = new Set<number>();
  let target: number | null = null;
  let topology: CoreTopology | null = null;
  let atMs = Number.NaN;

  function findTarget(): void {
    target = [...runs].at(-1) ?? null;
  }

  return {
    watch({ pid, owner }) {
      if (owner !== 'run' || runs.has(pid)) return;
      runs.add(pid);
      findTarget();
    },
    unwatch(pid) {
      runs.delete(pid);
      findTarget();
    },
    take(publish) {
      const startMs = nowMs();
      const times = reader.readCoreTimes();
      // The middle of the time it took: an interruption then costs half of what it could.
      atMs = reader.coreTimesReadAtMs?.() ?? startMs + (nowMs() - startMs) / 2;
      const latest = reader.readTopology(target);
      window.push(atMs, times, reader.readHeldBackMs());
      if (latest === topology) return;
      topology = latest;
      publish({ type: 'topology', topology });
    },
    get coreCount() {
      return window.coreCount;
    },
    get atMs() {
      return atMs;
    },
    write(columns) {
      window.write(columns);
      reader.readCoreMhz(columns.coreMhz);
    },
    get header() {
      const { windowMs, throttledShare } = window;
      return {
        coreWindowMs: windowMs,
        coreErrorShare: coreErrorShare(windowMs, topology?.kernelTickMs ?? null),
        throttledShare,
      };
    },
  };
}
