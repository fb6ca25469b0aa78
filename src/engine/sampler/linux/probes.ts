import type { Metric } from '../capability.ts';
import { createOpenFileCount } from './counter-files.ts';
import type { CpuClock } from './cpu-clock.ts';
import type { HeldFiles } from './held-files.ts';

/** One reading of what a metric costs, as a tick makes it: from files that stay open, save those read seldom. */
export type Probes = ReadonlyMap<Metric, () => void>;

export interface ProbesOptions {
  readonly files: HeldFiles;
  readonly clock: CpuClock | null;
  /** Whether there is /proc/PID/sched. */
  readonly hasSched: boolean;
}

/** Of one process, by its files as they are: what is made of the text costs a tenth of having it made. */
export function createProbes(pid: number, { files, clock, hasSched }: ProbesOptions): Probes {
  const folder = `/proc/${pid}`;
  const thread = `${folder}/task/${pid}`;
  function held(path: string): () => void {
    const file = files.create(path);
    return () => void files.read(file);
  }
  function opened(path: string): () => void {
    const file = files.create(path);
    return () => {
      files.read(file);
      files.close(file);
    };
  }
  const stat = held(`${folder}/stat`);
  const schedstat = held(`${thread}/schedstat`);
  const countOpenFiles = createOpenFileCount();
  return new Map<Metric, () => void>([
    ['process-list', held(`${thread}/children`)],
    ['process-cpu', clock === null ? stat : () => void clock.readNs(pid)],
    ['process-state', stat],
    ['resident-memory', held(`${folder}/statm`)],
    ['run-queue-wait', schedstat],
    ['thread-cpu', schedstat],
    ['last-core', held(`${thread}/stat`)],
    ['peak-memory', held(`${folder}/status`)],
    ['switches', held(`${thread}/${hasSched ? 'sched' : 'status'}`)],
    ['disk-bytes', held(`${folder}/io`)],
    ['open-files', () => void countOpenFiles(pid)],
    ['shared-memory', opened(`${folder}/smaps_rollup`)],
  ]);
}
