import path from 'node:path';
import type { InterpreterInfo } from '../../shared/experiment.ts';
import type { CatalogueRuntime, StrategyId, WorkTarget } from '../../shared/workload.ts';
import { median } from '../analysis/statistics.ts';
import {
  medianTimes,
  type CrashFigures,
  type RuntimeFigures,
  type WayFigures,
  type WorkTimes,
} from './figures.ts';
import { readProbeFigures } from './probe-output.ts';
import { metricOf, runTrial, timesOf, type Trial, type TrialRequest, type TrialTools } from './trial.ts';
import { stepMs, type StepTitle } from './steps.ts';

export interface BatteryOptions {
  readonly runtime: CatalogueRuntime;
  readonly workers: number;
  readonly rounds: number;
  /** Of resources/differences. */
  readonly probesFolder: string;
  /** Before each run: what comes, and how much is done, in ms as on two idle cores (`steps.ts`). */
  readonly onStep: (title: StepTitle, doneMs: number) => void;
}

type Way = 'threads' | 'processes';
const ways = ['threads', 'processes'] as const satisfies readonly Way[];
const partners = { threads: 'thread', processes: 'process' } as const;
/** Of the workload `echo`, in serial: the program itself and a partner. */
const transports = {
  node: { threads: 'structured-clone', processes: 'ipc-advanced' },
  python: { threads: 'thread-queue', processes: 'pipe' },
} as const;

/** A task of 0.2 to 0.5 s: long beside start-up, and short enough for two minutes. */
const cpuParams = {
  node: { n: 10_000_000, rounds: 25 },
  python: { n: 5_000_000, rounds: 1 },
} as const;
const waitingTasks = 20;
const waitingTaskMs = 100;
/** Workers are looked at while they sleep, for as long as the sampler may take to read the memory of each. */
const idleSeconds = 1.2;
const memoryWorkers = 4;
const shortMessageBytes = 64;
const sharedBytes = 100_000_000;
/** Long enough to be beyond the first, slow ones: 0.1 to 1 s. */
const roundTrips = 5_000;
const largeMessages = 100;
const largeMessageBytes = 1_000_000;
const survivorMs = 300;
const hashMegabytes = 60;

/**
 * All measurements of one runtime. Null where not even its first run told which interpreter it is; what else cannot
 * be measured is null in the figures.
 */
export async function runBattery(options: BatteryOptions, tools: TrialTools): Promise<RuntimeFigures | null> {
  const { runtime, workers, rounds, probesFolder, onStep } = options;
  let doneMs = 0;
  const seen: { interpreter: InterpreterInfo | null } = { interpreter: null };

  async function trial(title: StepTitle, request: Omit<TrialRequest, 'runtime'>): Promise<Trial> {
    onStep(title, doneMs);
    const result = await runTrial({ runtime, ...request }, tools);
    doneMs += stepMs[title];
    if (result.outcome.state === 'finished') seen.interpreter = result.outcome.interpreter;
    return result;
  }

  function probe(
    name: string,
    params: Readonly<Record<string, number | string>>,
    args: readonly (number | string)[],
  ) {
    const target: WorkTarget =
      runtime === 'node'
        ? { kind: 'module', path: path.join(probesFolder, 'node-probes.mjs') }
        : { kind: 'function', path: path.join(probesFolder, 'probes.py'), functionName: name, args };
    return runtime === 'node'
      ? { workloadId: 'module', target, params: { probe: name, ...params } }
      : { workloadId: 'function', target };
  }

  async function cpuRounds(): Promise<Readonly<Record<'serial' | Way, WorkTimes | null>>> {
    const times: Record<'serial' | Way, WorkTimes[]> = { serial: [], threads: [], processes: [] };
    for (let round = 0; round < rounds; round += 1) {
      // Interleaved, so that what drifts falls on all three alike.
      for (const strategy of ['serial', ...ways] as const) {
        const result = await trial('execution model', {
          workloadId: 'count-loop',
          params: cpuParams[runtime],
          strategy,
          workers: strategy === 'serial' ? 1 : workers,
          tasks: workers,
        });
        const taken = timesOf(result);
        if (taken !== null) times[strategy].push(taken);
      }
    }
    return {
      serial: medianTimes(times.serial),
      threads: medianTimes(times.threads),
      processes: medianTimes(times.processes),
    };
  }

  async function waitingWall(strategy: StrategyId): Promise<number | null> {
    const { outcome } = await trial('waiting', {
      workloadId: 'sleep',
      params: { seconds: waitingTaskMs / 1000 },
      strategy,
      workers: strategy === 'threads' || strategy === 'processes' ? waitingTasks : 1,
      tasks: waitingTasks,
    });
    return outcome.state === 'finished' ? outcome.wallMs : null;
  }

  /** By what one more worker adds: the host itself is no worker, and is in both. */
  async function idle(way: Way): Promise<Pick<WayFigures, 'memoryPerWorkerBytes' | 'startupPerWorkerMs'>> {
    const memory: number[] = [];
    const startup: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const [one, many] = [await sleepers(way, 1), await sleepers(way, memoryWorkers)];
      const added = memoryWorkers - 1;
      if (one.peakPssBytes !== null && many.peakPssBytes !== null) {
        memory.push((many.peakPssBytes - one.peakPssBytes) / added);
      }
      if (many.outcome.state === 'finished') startup.push(many.outcome.startupMs / memoryWorkers);
    }
    return { memoryPerWorkerBytes: median(memory), startupPerWorkerMs: median(startup) };
  }

  function sleepers(way: Way, count: number): Promise<Trial> {
    return trial('memory and start-up', {
      workloadId: 'sleep',
      params: { seconds: idleSeconds },
      strategy: way,
      workers: count,
      tasks: count,
    });
  }

  async function talk(
    way: Way,
  ): Promise<Pick<WayFigures, 'roundTripsPerSecond' | 'megabytesPerSecond' | 'sharedMs' | 'attachedMs'>> {
    const partner = partners[way];
    const serial = { strategy: 'serial', workers: 1, tasks: 1 } as const;
    const exchange = (count: number, bytes: number): Promise<Trial> =>
      trial('messages', {
        workloadId: 'echo',
        params: { bytes, count, transport: transports[runtime][way] },
        ...serial,
      });
    const short = await exchange(roundTrips, shortMessageBytes);
    const long = await exchange(largeMessages, largeMessageBytes);
    const shared = await trial('sharing 100 MB', {
      ...probe('share', { partner, bytes: sharedBytes }, [partner, sharedBytes]),
      ...serial,
    });
    const told = readProbeFigures(shared.outcome.output);
    return {
      roundTripsPerSecond: metricOf(short, 'round trips'),
      megabytesPerSecond: metricOf(long, 'throughput'),
      sharedMs: told['sharedMs'] ?? null,
      attachedMs: told['attachedMs'] ?? null,
    };
  }

  async function crash(way: Way): Promise<CrashFigures | null> {
    const { outcome } = await trial('crash of one worker', {
      ...probe('die', { otherMs: survivorMs }, ['{index}', survivorMs]),
      strategy: way,
      workers,
      tasks: workers,
      observe: true,
    });
    if (outcome.state === 'finished')
      return { hostSurvived: true, lostTasks: outcome.lostTasks, tasks: workers };
    return outcome.state === 'failed' ? { hostSurvived: false, lostTasks: null, tasks: workers } : null;
  }

  async function kill(way: Way): Promise<Pick<WayFigures, 'killedMs' | 'othersSurvivedKill'>> {
    // A signal ends a whole process: for threads that is what a crash did already.
    if (way === 'threads') return { killedMs: null, othersSurvivedKill: null };
    const { outcome, killedMs } = await trial('killing a worker', {
      ...probe('hang', { otherMs: survivorMs }, ['{index}', survivorMs]),
      strategy: way,
      workers,
      tasks: workers,
      killFirst: true,
    });
    return {
      killedMs,
      othersSurvivedKill: outcome.state === 'finished' ? outcome.lostTasks === 1 : null,
    };
  }

  async function unlocked(): Promise<number | null> {
    if (runtime === 'node') return null;
    const hashing = await trial('work outside the lock', {
      ...probe('digest', {}, [hashMegabytes]),
      strategy: 'threads',
      workers,
      tasks: 2 * workers,
    });
    return timesOf(hashing)?.cores ?? null;
  }

  async function terminated(): Promise<number | null> {
    if (runtime === 'python') return null;
    const { outcome } = await trial('ending a thread', {
      ...probe('terminate', {}, []),
      strategy: 'serial',
      workers: 1,
      tasks: 1,
    });
    return readProbeFigures(outcome.output)['terminatedMs'] ?? null;
  }

  async function figuresOf(way: Way, work: WorkTimes | null): Promise<WayFigures> {
    return {
      work,
      waitingWallMs: await waitingWall(way),
      ...(await idle(way)),
      ...(await talk(way)),
      crash: await crash(way),
      ...(await kill(way)),
    };
  }

  const work = await cpuRounds();
  const asyncWallMs = await waitingWall(runtime === 'node' ? 'async' : 'asyncio');
  const threads = await figuresOf('threads', work.threads);
  const processes = await figuresOf('processes', work.processes);
  const unlockedCores = await unlocked();
  const terminatedMs = await terminated();
  if (seen.interpreter === null) return null;
  return {
    interpreter: seen.interpreter,
    workers,
    rounds,
    serial: work.serial,
    threads,
    processes,
    asyncWallMs,
    waitingTasks,
    waitingTaskMs,
    unlockedCores,
    terminatedMs,
  };
}
