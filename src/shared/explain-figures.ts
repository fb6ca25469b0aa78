/**
 * What stands behind each figure of a result: how it is computed, where it comes from, and how far off it may be. The
 * formulas are those of `src/engine/analysis`, where each has its literature.
 */
export interface FigureExplanation {
  readonly title: string;
  readonly formula: string;
  readonly source: string;
  readonly error: string;
}

const medianInterval =
  'median × exp(± c(n) · s): s is the bootstrap standard error of the median of the logarithms, c(n) is calibrated for n runs (2.30 for 5, 2.27 for 10). In simulations it holds the true median in 93 to 97 %.';
const pairedInterval = `Ratios are paired by block, so that heat and neighbours fall on both alike. ${medianInterval}`;
const monotonicClock = "the monotonic clock of the run's host (nanoseconds)";
const betweenSamples =
  'Peaks between two samples are not seen; the sampling rate stands in the method below.';

export const figureExplanations = {
  wall: {
    title: 'Wall time',
    formula:
      'From asking for the first worker until the last one has been joined; the median over the blocks.',
    source: monotonicClock,
    error: medianInterval,
  },
  ratioToFastest: {
    title: 'Time to that of the fastest',
    formula:
      'Wall time / wall time of the fastest in the same block; the median over the blocks. The fastest itself is 1.',
    source: monotonicClock,
    error: `${pairedInterval} An interval that reaches below 1 cannot be told apart from the fastest.`,
  },
  speedup: {
    title: 'Speed-up',
    formula: 'S = serial wall time / wall time of the same block; the median over the blocks.',
    source: monotonicClock,
    error: pairedInterval,
  },
  effectiveCores: {
    title: 'Cores kept busy',
    formula: 'CPU time / wall time; the median over the runs. 1.00 is one core busy throughout.',
    source: 'the kernel’s CPU account of the run’s processes, and the monotonic clock',
    error: 'As exact as the CPU time: the kernel counts it in steps of 1 to 10 ms on most systems.',
  },
  startup: {
    title: 'Start-up',
    formula:
      'From asking for the first worker until the last one was ready to work; the median over the runs.',
    source: `${monotonicClock}; each worker tells when it is ready`,
    error: 'The message that a worker is ready takes up to a millisecond.',
  },
  peakPss: {
    title: 'Peak memory (PSS)',
    formula:
      'The largest sum over the run’s processes at one sample, in which a page shared by k processes counts 1/k for each; the median over the runs.',
    source: 'Pss in /proc/PID/smaps_rollup on Linux; n/a where the system does not tell it',
    error: betweenSamples,
  },
  peakRss: {
    title: 'The naive sum (RSS)',
    formula:
      'The largest sum of resident memory at one sample. Shared pages count once per process, so the sum is too large.',
    source: '/proc/PID/stat on Linux, the system’s process list elsewhere',
    error: `Too large by what the processes share; that is why it is struck through. ${betweenSamples}`,
  },
  cpuTime: {
    title: 'CPU time',
    formula:
      'User + system time of the host and all its workers during the wall time; the median over the runs.',
    source: 'the kernel’s account of the host and of the children it waited for (getrusage)',
    error:
      'The kernel counts in steps of 1 to 10 ms on most systems; with workers of one’s own that are never waited for it is too small.',
  },
  efficiency: {
    title: 'Efficiency',
    formula: 'E = S / N: the speed-up divided by the workers. 100 % is perfect.',
    source: 'the speed-up',
    error: pairedInterval,
  },
  serialFraction: {
    title: 'Serial fraction',
    formula:
      'e = (1/S − 1/N) / (1 − 1/N), after Karp and Flatt (1990). 0 where S = N, 1 where S = 1; growing with N it is overhead rather than serial work.',
    source: 'the speed-up',
    error: `${pairedInterval} Below 0: faster than N times (caches); above 1: slower than serial.`,
  },
  scalingFit: {
    title: 'Scaling curve',
    formula:
      'T(N) = T₁ · (1 + α(N − 1) + βN(N − 1)) / N, the Universal Scalability Law (Gunther 1993); with β = 0 Amdahl’s law, which is taken unless the extra term is needed. Least squares of the relative residuals.',
    source: 'the median wall times of every number of workers',
    error:
      'The best number of workers is bootstrapped over the blocks. Refused below four numbers of workers, or where a median lies farther off than 5 % plus its own half interval. Never drawn beyond what was measured.',
  },
  perWorker: {
    title: 'What one worker more costs',
    formula:
      'The slope over the numbers of workers within every block (Theil and Sen); the median over the blocks.',
    source: 'peak memory (PSS) and start-up of the runs',
    error: 'Median of the blocks’ slopes ± c(n) bootstrap standard errors.',
  },
  noise: {
    title: 'Noise floor',
    formula:
      'One strategy run twice in every block: second wall time / first. The farther end of its interval is what noise alone does.',
    source: monotonicClock,
    error: `${pairedInterval} Ratios no larger than the noise floor are not believed.`,
  },
} as const satisfies Readonly<Record<string, FigureExplanation>>;

export type FigureId = keyof typeof figureExplanations;
