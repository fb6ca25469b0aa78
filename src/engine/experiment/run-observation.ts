import type { EntityInfo, SampleFrame } from '../../shared/sample.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';

/** What the frames of one run add up to. NaN is unknown. */
export interface RunObservation {
  readonly samples: number;
  /** From the beginning of the run to the last sample of it. */
  readonly spanMs: Milliseconds;
  /** CPU time of the run's tree, of Corescope, and of all cores together, in that span. */
  readonly runCpuMs: number;
  readonly ownCpuMs: number;
  readonly busyMs: number;
  /** Time that the hypervisor gave to other machines, all cores together. */
  readonly stolenMs: number;
  readonly coreCount: number;
  /** Time that threads of the run were ready and had no core, all together, as far as it is known. */
  readonly runnableMs: number;
  /** Of the time that processes of the run were there, the share of which that is known. */
  readonly runnableKnownShare: number;
  /** Time in which a control group held the run back for its quota. */
  readonly throttledMs: number;
  readonly missedTicks: number;
  /** The counters of the run's processes, each as it was read last. */
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  readonly majorFaults: number;
  /** Where the counters end: the oldest of the last readings; NaN where there was none. */
  readonly countedUntilMs: SessionMs;
}

interface Counters {
  readonly atMs: SessionMs;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  readonly majorFaults: number;
}

export interface RunObserver {
  add(frame: SampleFrame, entities: ReadonlyMap<number, EntityInfo>): void;
  result(): RunObservation;
}

/** Adds up the frames of a run; a frame stands for the time since the one before, or since `startMs`. */
export function observeRun(hostPid: number, startMs: SessionMs): RunObserver {
  let [samples, lastMs, coreCount] = [0, startMs, 0];
  let [runCpuMs, ownCpuMs, busyMs, stolenMs, runnableMs, throttledMs] = [0, 0, 0, 0, 0, 0];
  let [thereMs, waitKnownMs] = [0, 0];
  let [firstMissed, lastMissed] = [Number.NaN, Number.NaN];
  const counters = new Map<number, Counters>();

  return {
    add(frame, entities) {
      const lengthMs = frame.atMs - lastMs;
      // It tells of the time before the run.
      if (!(lengthMs > 0)) return;
      samples += 1;
      lastMs = frame.atMs;
      coreCount = frame.coreBusy.length;
      if (Number.isNaN(firstMissed)) firstMissed = frame.missedTicks;
      lastMissed = frame.missedTicks;
      const run = sumRows(frame, entities, hostPid);
      runCpuMs += run.cpuShare * lengthMs;
      runnableMs += run.waitShare * lengthMs;
      thereMs += run.processes * lengthMs;
      waitKnownMs += run.waitKnownOf * lengthMs;
      ownCpuMs += (run.ownShare ?? frame.ownCpuShare) * lengthMs;
      busyMs += sum(frame.coreBusy) * lengthMs;
      stolenMs += sum(frame.coreSteal) * lengthMs;
      throttledMs += frame.throttledShare * lengthMs;
      frame.detailKeys.forEach((key, row) => {
        const entity = entities.get(key);
        if (entity?.kind !== 'process' || entity.rootPid !== hostPid || entity.owner !== 'run') return;
        counters.set(key, {
          atMs: frame.atMs,
          voluntarySwitches: frame.voluntarySwitches[row] ?? Number.NaN,
          involuntarySwitches: frame.involuntarySwitches[row] ?? Number.NaN,
          majorFaults: frame.majorFaults[row] ?? Number.NaN,
        });
      });
    },
    result() {
      const known = [...counters.values()];
      const total = (column: Exclude<keyof Counters, 'atMs'>): number =>
        known.length === 0 ? Number.NaN : known.reduce((result, reading) => result + reading[column], 0);
      return {
        samples,
        spanMs: lastMs - startMs,
        runCpuMs,
        ownCpuMs,
        busyMs,
        stolenMs,
        coreCount,
        runnableMs: waitKnownMs > 0 ? runnableMs : Number.NaN,
        runnableKnownShare: thereMs > 0 ? waitKnownMs / thereMs : 0,
        throttledMs,
        missedTicks: lastMissed - firstMissed,
        voluntarySwitches: total('voluntarySwitches'),
        involuntarySwitches: total('involuntarySwitches'),
        majorFaults: total('majorFaults'),
        countedUntilMs: known.length === 0 ? Number.NaN : Math.min(...known.map(({ atMs }) => atMs)),
      };
    },
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** `ownShare` null: Corescope has no rows here, and the frame's header tells of it. */
function sumRows(
  frame: SampleFrame,
  entities: ReadonlyMap<number, EntityInfo>,
  hostPid: number,
): {
  readonly cpuShare: number;
  readonly waitShare: number;
  readonly processes: number;
  /** Of how many of the processes `waitShare` is known: it takes the sampler two readings, so never of new ones. */
  readonly waitKnownOf: number;
  readonly ownShare: number | null;
} {
  let [cpuShare, waitShare, processes, waitKnownOf] = [0, 0, 0, 0];
  let ownShare: number | null = null;
  frame.keys.forEach((key, row) => {
    const entity = entities.get(key);
    if (entity?.kind !== 'process') return;
    const share = frame.cpuShare[row] ?? Number.NaN;
    if (entity.owner === 'corescope') {
      // A process that came just now has no rate yet; what it used so far is little.
      ownShare = (ownShare ?? 0) + (Number.isNaN(share) ? 0 : share);
    } else if (entity.rootPid === hostPid) {
      const wait = frame.waitShare[row] ?? Number.NaN;
      processes += 1;
      cpuShare += Number.isNaN(share) ? 0 : share;
      if (Number.isNaN(wait)) return;
      waitShare += wait;
      waitKnownOf += 1;
    }
  });
  return { cpuShare, waitShare, processes, waitKnownOf, ownShare };
}
