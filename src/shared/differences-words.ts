import type { Advice, DifferencesReport, RowId, RuntimeDifferences } from './differences.ts';
import { formatDuration } from './format.ts';

/** Words for a table of differences that terminal, file and screen have in common. */

export const runtimeNames = { node: 'Node', python: 'Python' } as const;

export const workNames: Readonly<Record<Advice['work'], string>> = {
  cpu: 'CPU-bound',
  io: 'I/O-bound',
  mixed: 'mixed',
};

/** What the figures of a row are, in a few words: enough to read the table without opening it. */
export const rowHints: Readonly<Record<RowId, string>> = {
  execution: 'cores busy, speed-up to serial',
  waiting: '20 waits of 100 ms at once',
  memory: 'what one more adds',
  'start-up': 'until a worker is ready',
  messages: 'round trips, and MB moved',
  sharing: 'until the other one has it',
  crash: 'what becomes of the others',
  killing: 'until a worker that hangs is gone',
  lock: 'is there one',
  'break-even': 'serial is quicker for shorter',
};

/** `Node 20.20.2`, `CPython 3.13.1`. */
export function interpreterTitle({
  runtime,
  interpreter,
}: Extract<RuntimeDifferences, { state: 'measured' }>): string {
  const { implementation, version } = interpreter;
  return runtime === 'node' ? `Node ${version}` : `${implementation} ${version}`;
}

/** Where and how it was measured, in two sentences. */
export function describeSetting({ machine, workers, rounds, durationMs }: DifferencesReport): string {
  const count = rounds === 1 ? 'one round' : `${rounds} rounds`;
  return (
    `${workers} workers, ${count}, measured in ${formatDuration(durationMs)} on ${machine.cpuModel}, ` +
    `${machine.logicalCores} logical cores, ${machine.os}. It holds for this machine and these builds.`
  );
}
