/**
 * Least and most of a plan's numbers, both allowed. The most are far beyond what is useful and below what would harm
 * the machine. Forms check their fields against these; the engine does so again.
 */
export const planLimits = {
  workers: [1, 256],
  tasks: [1, 10_000],
  blocks: [1, 1_000],
  warmUpBlocks: [0, 100],
  /** A day. Node's timers hold 24.8 days at most. */
  timeoutMs: [100, 86_400_000],
  seed: [0, 4_294_967_295],
  /** A bare interpreter has 10 to 40 MB. */
  memoryLimitBytes: [1e6, 1e15],
  niceLevel: [-20, 19],
  /** Narrower than the noise of any machine, and wider than anything that could be told apart. */
  targetHalfWidth: [0.001, 1],
  adaptiveTimeMs: [1_000, 86_400_000],
} as const satisfies Record<string, readonly [number, number]>;
