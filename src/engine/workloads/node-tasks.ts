import type { NodeWorkload } from './node-task.ts';

/**
 * What a Node run host can run, by workload id. Each is loaded when it is asked for: a measured process holds the
 * code of its own work and of no other.
 */
export const nodeWorkloads: ReadonlyMap<string, () => Promise<NodeWorkload>> = new Map([
  ['count-loop', async () => (await import('./count-loop.ts')).countLoopWork],
  ['hash', async () => (await import('./hash.ts')).hashWork],
  ['json', async () => (await import('./json.ts')).jsonWork],
  ['mandelbrot', async () => (await import('./mandelbrot.ts')).mandelbrotWork],
  ['matrix', async () => (await import('./matrix.ts')).matrixWork],
  ['primes', async () => (await import('./primes.ts')).primesWork],
  ['sort', async () => (await import('./sort.ts')).sortWork],
  ['files', async () => (await import('./files.ts')).filesWork],
  ['http', async () => (await import('./http.ts')).httpWork],
  ['sleep', async () => (await import('./sleep.ts')).sleepWork],
  ['mixed', async () => (await import('./mixed.ts')).mixedWork],
  ['allocate', async () => (await import('./allocate.ts')).allocateWork],
  ['shared-sum', async () => (await import('./shared-sum.ts')).sharedSumWork],
  ['echo', async () => (await import('./echo.ts')).echoWork],
  ['counter-race', async () => (await import('./counter-race.ts')).counterRaceWork],
  ['counter-lock', async () => (await import('./counter-lock.ts')).counterLockWork],
  ['lock-contention', async () => (await import('./lock-contention.ts')).lockContentionWork],
  ['deadlock', async () => (await import('./deadlock.ts')).deadlockWork],
  ['pipeline', async () => (await import('./pipeline.ts')).pipelineWork],
  ['throw', async () => (await import('./throw.ts')).throwWork],
  ['exit', async () => (await import('./exit.ts')).exitWork],
  ['native-crash', async () => (await import('./native-crash.ts')).nativeCrashWork],
  ['out-of-memory', async () => (await import('./out-of-memory.ts')).outOfMemoryWork],
  ['hang', async () => (await import('./hang.ts')).hangWork],
  ['never-joined', async () => (await import('./never-joined.ts')).neverJoinedWork],
]);
