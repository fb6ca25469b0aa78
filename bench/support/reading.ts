/** One thing a sampler said, and the time it said it of: what is compared with the truth. */
export interface Reading {
  readonly what: 'process' | 'core';
  /** On the system's monotonic clock. */
  readonly fromMs: number;
  readonly toMs: number;
  /** In cores: 1 is one core fully busy. */
  readonly share: number;
}

/** What a sampling program prints when it is stopped. */
export interface SamplingReport {
  /** New answers since it said that it was ready: an old one given again does not count. */
  readonly samples: number;
  /** Empty unless it was asked to keep them: keeping costs. */
  readonly readings: readonly Reading[];
}

/** Parameters of the sampling programs, in order. */
export interface SamplingTask {
  readonly rootPid: number;
  readonly everyMs: number;
  /** The core whose load is kept with the readings of the root; null keeps nothing. */
  readonly core: number | null;
}

export function samplingParameters({ rootPid, everyMs, core }: SamplingTask): string[] {
  return [String(rootPid), String(everyMs), core === null ? '-' : String(core)];
}

/** Throws where a parameter is not a number. */
export function parseSamplingTask(parameters: readonly string[]): SamplingTask {
  const [pidText, everyText, coreText] = parameters;
  const rootPid = Number(pidText);
  const everyMs = Number(everyText);
  const core = coreText === '-' ? null : Number(coreText);
  if (!Number.isSafeInteger(rootPid) || !(everyMs > 0) || (core !== null && !Number.isSafeInteger(core))) {
    throw new Error(`expected PID EVERY_MS CORE|-, got ${parameters.join(' ')}`);
  }
  return { rootPid, everyMs, core };
}
