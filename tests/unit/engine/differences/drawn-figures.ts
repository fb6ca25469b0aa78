import type { RuntimeFigures, WayFigures, WorkTimes } from '../../../../src/engine/differences/figures.ts';

/** 10 ms of overhead unless told otherwise. */
export function drawnTimes(workMs: number, cores: number, overheadMs = 10): WorkTimes {
  return { workMs, overheadMs, wallMs: workMs + overheadMs, cores };
}

export function drawnWay(changes: Partial<WayFigures> = {}): WayFigures {
  return {
    work: null,
    waitingWallMs: 120,
    memoryPerWorkerBytes: 8e6,
    startupPerWorkerMs: 20,
    roundTripsPerSecond: 20_000,
    megabytesPerSecond: 800,
    sharedMs: 0.2,
    attachedMs: null,
    crash: { hostSurvived: false, lostTasks: null, tasks: 2 },
    killedMs: null,
    othersSurvivedKill: null,
    ...changes,
  };
}

/** A Python with its lock on two idle cores: serial 1000 ms, threads as long, processes half of it. */
export function drawnFigures(changes: Partial<RuntimeFigures> = {}): RuntimeFigures {
  return {
    interpreter: {
      runtime: 'python',
      version: '3.11.7',
      executable: '/usr/bin/python3',
      implementation: 'CPython',
      gilEnabled: true,
      freeThreadedBuild: false,
      startMethod: null,
    },
    workers: 2,
    rounds: 3,
    serial: drawnTimes(1000, 1, 0),
    threads: drawnWay({ work: drawnTimes(1000, 1.01), memoryPerWorkerBytes: 50_000 }),
    processes: drawnWay({
      work: drawnTimes(500, 1.95, 40),
      sharedMs: 90,
      attachedMs: 1.5,
      crash: { hostSurvived: true, lostTasks: 1, tasks: 2 },
      killedMs: 3,
      othersSurvivedKill: true,
    }),
    asyncWallMs: 105,
    waitingTasks: 20,
    waitingTaskMs: 100,
    unlockedCores: 1.9,
    terminatedMs: null,
    ...changes,
  };
}
