import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicMs } from '../support/monotonic.ts';
import { parseSwitches, type SwitchLog } from './switch-log.ts';

/** A trace of the scheduler's switches on one core, running. */
export interface SwitchTrace {
  /**
   * Ends it, takes it away, and says what it saw; null where the buffer was too small for it. `edges`: the burner's own
   * account. To be called once.
   */
  stop(edges: readonly number[]): SwitchLog | null;
}

const instancesFolder =
  ['/sys/kernel/tracing/instances', '/sys/kernel/debug/tracing/instances'].find((path) => existsSync(path)) ??
  null;

const namePrefix = 'corescope-accuracy-';

/** Those of `events/` that an interrupt's begin and end are told by; which there are depends on the processor. */
const interruptEvents = [
  'irq_vectors',
  'irq/irq_handler_entry',
  'irq/irq_handler_exit',
  'irq/softirq_entry',
  'irq/softirq_exit',
];

/** A switch takes some 70 bytes: enough for 100 000. */
const bufferKib = 8192;

/** What a benchmark left behind that was killed. */
function removeForsaken(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(namePrefix)) continue;
    const pid = name.slice(namePrefix.length);
    if (!existsSync(`/proc/${pid}`)) rmdirSync(join(folder, name));
  }
}

/**
 * In an instance of tracefs of its own, so that nobody else's tracing is touched: only switches to and from the task and
 * to and from idle, on this core. Null where this user may not trace (root may), or the kernel cannot. One at a time.
 */
export function startSwitchTrace(pid: number, core: number): SwitchTrace | null {
  if (instancesFolder === null) return null;
  const folder = join(instancesFolder, `${namePrefix}${process.pid}`);
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  try {
    removeForsaken(instancesFolder);
    mkdirSync(folder);
  } catch {
    return null;
  }
  try {
    write('tracing_on', '0');
    write('trace_clock', 'mono');
    // A mask in hexadecimal, in groups of 32 cores.
    write('tracing_cpumask', (1n << BigInt(core)).toString(16).replaceAll(/\B(?=(?:[\da-f]{8})+$)/g, ','));
    write(`per_cpu/cpu${core}/buffer_size_kb`, String(bufferKib));
    const wanted = [pid, 0].flatMap((one) => [`prev_pid == ${one}`, `next_pid == ${one}`]);
    write('events/sched/sched_switch/filter', wanted.join(' || '));
    write('events/sched/sched_switch/enable', '1');
    for (const events of interruptEvents.filter((name) => existsSync(join(folder, 'events', name)))) {
      write(join('events', events, 'enable'), '1');
    }
    write('tracing_on', '1');
  } catch {
    rmdirSync(folder);
    return null;
  }
  const fromMs = monotonicMs();
  return {
    stop(edges) {
      const toMs = monotonicMs();
      try {
        write('tracing_on', '0');
        const text = readFileSync(join(folder, 'trace'), 'latin1');
        return parseSwitches(text, { pid, fromMs, toMs, edges });
      } finally {
        rmdirSync(folder);
      }
    },
  };
}
