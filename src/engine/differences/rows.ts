import { factorDigits, formatBytes, formatCores, formatDuration, notAvailable } from '../../shared/format.ts';
import type { CatalogueRuntime } from '../../shared/workload.ts';
import type { DifferenceRow, Finding } from '../../shared/differences.ts';
import { breakEvenTask, type RuntimeFigures, type WayFigures } from './figures.ts';

type Way = 'threads' | 'processes';

/** The table of one runtime, row by row in the order of `rowIds`. */
export function describeDifferences(
  runtime: CatalogueRuntime,
  figures: RuntimeFigures,
): readonly DifferenceRow[] {
  const row = (
    id: DifferenceRow['id'],
    title: string,
    find: (way: WayFigures, name: Way) => Finding,
  ): DifferenceRow => ({
    id,
    title,
    threads: find(figures.threads, 'threads'),
    processes: find(figures.processes, 'processes'),
  });
  const { rounds, workers } = figures;
  const medianOf = rounds === 1 ? 'measured once' : `median of ${rounds} rounds`;
  return [
    row('execution', 'CPU work', (way, name) => execution(figures, way, name, medianOf)),
    row('waiting', 'waiting work', (way, name) => waiting(figures, way, name)),
    row('memory', 'memory per worker', (way, name) =>
      quantity(way.memoryPerWorkerBytes, formatAddedMemory, 'PSS', 'B', {
        known:
          `What each of three more sleeping ${name} adds to the run's proportional set size ` +
          `(shared pages divided among their users), ${medianOf}.`,
        unknown: 'Proportional set sizes could not be read here (only Linux tells them).',
      }),
    ),
    row('start-up', 'start-up per worker', (way, name) =>
      quantity(way.startupPerWorkerMs, formatDuration, 'start-up', 'ms', {
        known: `From asking for the first of four ${name} until the last was ready to work, divided by four, ${medianOf}.`,
        unknown: 'The runs that start workers did not finish.',
      }),
    ),
    row('messages', 'messages', (way, name) => messages(runtime, way, name)),
    row('sharing', 'sharing 100 MB', (way, name) => sharing(runtime, way, name)),
    row('crash', 'a worker crashes', (way) => crash(way, workers)),
    row('killing', 'killing a worker', (way, name) => killing(runtime, figures, way, name)),
    row('lock', 'interpreter lock', (way, name) => lock(runtime, figures, way, name)),
    row('break-even', 'pays from tasks of', (way, name) => breakEven(figures, way, name)),
  ];
}

/** Two equal runs differ by about this: what is less cannot be told from nothing. */
const memoryNoiseBytes = 200_000;

export function formatAddedMemory(bytes: number): string {
  return bytes < memoryNoiseBytes ? `< ${formatBytes(memoryNoiseBytes)}` : formatBytes(bytes);
}

function finding(text: string, how: string, ...figures: Finding['figures']): Finding {
  return { text, figures, how };
}

function unknown(how: string): Finding {
  return finding(notAvailable, how);
}

function quantity(
  value: number | null,
  format: (value: number) => string,
  name: string,
  unit: string,
  how: { readonly known: string; readonly unknown: string },
): Finding {
  return value === null ? unknown(how.unknown) : finding(format(value), how.known, { name, value, unit });
}

function execution(
  { serial, workers }: RuntimeFigures,
  { work }: WayFigures,
  name: Way,
  medianOf: string,
): Finding {
  if (work === null) return unknown('None of the runs of CPU work finished.');
  const speedup = serial === null ? null : serial.wallMs / work.wallMs;
  const how =
    `count-loop, ${workers} tasks on ${workers} ${name}: CPU time / wall time, and wall time of the same ` +
    `tasks in turn / this wall time, ${medianOf}.`;
  const cores = work.cores === null ? `${notAvailable} cores` : `${formatCores(work.cores)} cores`;
  return finding(
    speedup === null ? cores : `${cores}, ${factorDigits(speedup)}×`,
    how,
    ...(work.cores === null ? [] : [{ name: 'effective cores', value: work.cores, unit: 'cores' }]),
    ...(speedup === null ? [] : [{ name: 'speed-up', value: speedup, unit: '×' }]),
  );
}

function waiting(figures: RuntimeFigures, { waitingWallMs }: WayFigures, name: Way): Finding {
  const { waitingTasks, waitingTaskMs, asyncWallMs } = figures;
  const loop = asyncWallMs === null ? '' : ` One event loop took ${formatDuration(asyncWallMs)}.`;
  return quantity(waitingWallMs, formatDuration, 'wall', 'ms', {
    known: `${waitingTasks} tasks that sleep ${formatDuration(waitingTaskMs)} each, on as many ${name}: wall time.${loop}`,
    unknown: 'The run of sleeping tasks did not finish.',
  });
}

const channels = {
  node: { threads: 'postMessage to a worker_thread', processes: "a fork's channel, advanced serialisation" },
  python: { threads: 'two queue.Queue', processes: 'multiprocessing.Pipe' },
} as const;

function messages(runtime: CatalogueRuntime, way: WayFigures, name: Way): Finding {
  const { roundTripsPerSecond, megabytesPerSecond } = way;
  if (roundTripsPerSecond === null || megabytesPerSecond === null)
    return unknown('The runs of echo did not finish.');
  const reference = runtime === 'python' && name === 'threads';
  return finding(
    `${shortCount(roundTripsPerSecond)}/s, ${reference ? 'no copy' : `${shortCount(megabytesPerSecond)} MB/s`}`,
    `echo: round trips of 64 bytes between two ${name} over ${channels[runtime][name]}, and MB moved there and back in ` +
      `messages of 1 MB${reference ? ' (threads hand over a reference: nothing is copied)' : ''}; 5000 short ones and 100 long ones.`,
    { name: 'round trips', value: roundTripsPerSecond, unit: '1/s' },
    { name: 'throughput', value: megabytesPerSecond, unit: 'MB/s' },
  );
}

/** `950`, `12k`, `1.4M`: what fits a column. */
export function shortCount(value: number): string {
  if (value < 1000) return value < 10 ? value.toFixed(1) : value.toFixed(0);
  const [size, letter] = value < 999_500 ? [1e3, 'k'] : [1e6, 'M'];
  const digits = value / size;
  return `${digits < 9.95 ? digits.toFixed(1) : digits.toFixed(0)}${letter}`;
}

function sharing(runtime: CatalogueRuntime, way: WayFigures, name: Way): Finding {
  const { sharedMs, attachedMs } = way;
  if (sharedMs === null) return unknown('The probe told no figures.');
  const time = { name: 'handed over', value: sharedMs, unit: 'ms' };
  if (name === 'threads') {
    const what = runtime === 'node' ? 'A SharedArrayBuffer' : 'A bytearray (its reference)';
    return finding(
      `${formatDuration(sharedMs)}, shared`,
      `${what} of 100 MB to another thread, until that has read both ends and answered.`,
      time,
    );
  }
  const how = `100 MB sent to another process over ${channels[runtime].processes} (so copied), until that has read both ends and answered.`;
  if (attachedMs === null) return finding(`${formatDuration(sharedMs)}, copied`, how, time);
  return finding(
    `${formatDuration(sharedMs)}, copied`,
    `${how} By the name of a multiprocessing.shared_memory block it took ${formatDuration(attachedMs)}, without a copy.`,
    time,
    { name: 'shared memory', value: attachedMs, unit: 'ms' },
  );
}

function crash({ crash: found }: WayFigures, workers: number): Finding {
  const how = `The worker with the first of ${workers} tasks died at once (SIGKILL to its own process, as after a segmentation fault or when memory runs out); what became of the others.`;
  if (found === null) return unknown(`${how} The run did not end as it should.`);
  if (!found.hostSurvived) return finding('all die', how);
  const lost = found.lostTasks ?? 0;
  return finding(
    `others go on`,
    `${how} ${lost} of ${found.tasks} tasks ${lost === 1 ? 'was' : 'were'} lost.`,
    {
      name: 'lost tasks',
      value: lost,
      unit: '',
    },
  );
}

function killing(runtime: CatalogueRuntime, figures: RuntimeFigures, way: WayFigures, name: Way): Finding {
  if (name === 'threads') {
    const { terminatedMs } = figures;
    if (runtime === 'python') {
      return finding(
        'impossible',
        'Python has no call that ends a thread, and a signal ends the whole process.',
      );
    }
    return terminatedMs === null
      ? unknown('The probe told no figures.')
      : finding(
          `${formatDuration(terminatedMs)}, from inside`,
          'worker.terminate() on a thread in an endless loop, until it was gone. From outside a signal ends the whole process.',
          { name: 'terminated', value: terminatedMs, unit: 'ms' },
        );
  }
  const { killedMs, othersSurvivedKill } = way;
  if (killedMs === null) return unknown('The end of the killed worker was not told.');
  const others =
    othersSurvivedKill === true ? 'The others finished their tasks.' : 'The others did not finish.';
  return finding(
    formatDuration(killedMs),
    `SIGKILL from outside for a worker that hangs, until its parent knew. ${others}`,
    { name: 'killed', value: killedMs, unit: 'ms' },
  );
}

function lock(runtime: CatalogueRuntime, figures: RuntimeFigures, { work }: WayFigures, name: Way): Finding {
  const { interpreter, unlockedCores } = figures;
  if (runtime === 'node') {
    return finding(
      'none',
      'Every thread and every process of Node has an engine of its own: nothing is shared by default.',
    );
  }
  if (interpreter.gilEnabled === null) return unknown('The interpreter does not tell whether it has a lock.');
  if (name === 'processes') {
    return finding('one each', 'Every process has an interpreter and a lock of its own.');
  }
  const build = interpreter.freeThreadedBuild === true ? 'a free-threaded build' : 'a build with the lock';
  const reached =
    work?.cores === null || work === null
      ? ''
      : ` Pure Python on threads kept ${formatCores(work.cores)} cores busy.`;
  const hashing =
    unlockedCores === null
      ? ''
      : ` hashlib on large buffers, which lets go of it, kept ${formatCores(unlockedCores)} busy.`;
  const state = interpreter.gilEnabled ? 'on' : 'off';
  return finding(
    interpreter.gilEnabled && unlockedCores !== null
      ? `on; hashing ${formatCores(unlockedCores)} cores`
      : state,
    `Asked of the interpreter while the work ran: ${interpreter.implementation} ${interpreter.version}, ${build}, lock ${state}.${reached}${hashing}`,
    ...(unlockedCores === null
      ? []
      : [{ name: 'cores outside the lock', value: unlockedCores, unit: 'cores' }]),
  );
}

function breakEven({ serial, workers }: RuntimeFigures, { work }: WayFigures, name: Way): Finding {
  const found = breakEvenTask(work, serial, workers);
  const how = `Start-up and tear-down of ${workers} ${name} / what they gain per task of CPU work: tasks that are shorter are done sooner one after another.`;
  switch (found.state) {
    case 'unknown':
      return unknown('It follows from the runs of CPU work, of which too few finished.');
    case 'never':
      return finding('never', `${how} Here they gain nothing (less than 5 %).`);
    case 'breaks-even':
      return finding(formatDuration(found.taskMs), how, { name: 'task', value: found.taskMs, unit: 'ms' });
  }
}
