import type { CatalogueRuntime } from '../../shared/workload.ts';

/**
 * What each run of a battery takes on two idle cores, to tell how much of it is done. On a slower or busier machine
 * all of them take longer, about alike.
 */
export const stepMs = {
  'execution model': 700,
  waiting: 600,
  'memory and start-up': 1_700,
  messages: 700,
  'sharing 100 MB': 500,
  'crash of one worker': 600,
  'killing a worker': 600,
  'work outside the lock': 700,
  'ending a thread': 300,
} as const;
export type StepTitle = keyof typeof stepMs;

/** How often each is run: `rounds` times three ways of CPU work and two times two of idle workers, the others once. */
function countOf(title: StepTitle, runtime: CatalogueRuntime, rounds: number): number {
  switch (title) {
    case 'execution model':
      return 3 * rounds;
    case 'memory and start-up':
      return 4 * rounds;
    case 'waiting':
      return 3;
    case 'messages':
      return 4;
    case 'sharing 100 MB':
    case 'crash of one worker':
      return 2;
    case 'killing a worker':
      return 1;
    case 'work outside the lock':
      return runtime === 'python' ? 1 : 0;
    case 'ending a thread':
      return runtime === 'node' ? 1 : 0;
  }
}

/** What the battery of one runtime takes on two idle cores. */
export function batteryMs(runtime: CatalogueRuntime, rounds: number): number {
  const titles = Object.keys(stepMs) as StepTitle[];
  return titles.reduce((sum, title) => sum + countOf(title, runtime, rounds) * stepMs[title], 0);
}

/** Less says little about how fast this machine is. */
const worthJudging = 0.05;

/** What is left after `doneMs` of `totalMs` (both as on two idle cores) took `elapsedMs`. */
export function remainingTime(doneMs: number, totalMs: number, elapsedMs: number): number {
  const slowness = doneMs < worthJudging * totalMs ? 1 : elapsedMs / doneMs;
  return Math.max(0, totalMs - doneMs) * slowness;
}
