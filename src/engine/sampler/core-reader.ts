import type { CoreTopology } from '../../shared/topology.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type { CoreTimes } from './core-times.ts';

/** What the sampler asks of the operating system about cores and limits: part of `SystemReader`. */
export interface CoreReader {
  /**
   * What every core did since it came up. A core that goes offline keeps its place. Asked first at every tick; the
   * array may be filled anew at the next one.
   */
  readCoreTimes(): CoreTimes;
  /** The instant that the last of them stands for, where that is known better than by the time that asking took. */
  coreTimesReadAtMs?(): SessionMs;
  /** Writes the clocks that are known into `coreMhz`; reads a few anew, each core seldom. NaN is left as it is. */
  readCoreMhz(coreMhz: Float64Array): void;
  /**
   * The cores, and how many of them the process may use: the object that was given last time, again, where nothing
   * has changed. Looks at limits at most once a second. Null stands for this process itself.
   */
  readTopology(targetPid: number | null): CoreTopology;
  /**
   * How long control groups have held the target of the last `readTopology` back for their quota, since this was
   * first asked. Never goes down; NaN where they set no quota.
   */
  readHeldBackMs(): Milliseconds;
}
