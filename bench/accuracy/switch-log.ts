import { type BusyLog, createBusyLog } from './busy-log.ts';
import { spreadOf } from '../support/statistics.ts';
import { listInterrupts, without } from './interrupt-log.ts';

/** What a trace of the scheduler's switches says of one core between two instants, milliseconds on the monotonic clock. */
export interface SwitchLog {
  readonly fromMs: number;
  readonly toMs: number;
  /** When the burner was on the core: from the switch to it to the switch away from it. */
  readonly burner: BusyLog;
  /** When nothing was: the idle task, and no interrupt. */
  readonly idle: BusyLog;
  /** How many of the switches to or from these are in the trace, and how many must have been and are not. */
  readonly seen: number;
  readonly missing: number;
}

/** Whose trace, over what time, and when the burner was busy by its own account: begins and ends in turn. */
export interface TracedRun {
  readonly pid: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly edges: readonly number[];
}

/** A task on the core until `toMs`. */
interface Stay {
  readonly pid: number;
  /** NaN where the switch to it is missing: some time after `afterMs` then. */
  readonly fromMs: number;
  readonly afterMs: number;
  readonly toMs: number;
}

const idlePid = 0;

/** A task may be called anything, `next_pid=0` too: the last pid of the line is the one. */
const switchLine =
  /\s(\d+\.\d+): sched_switch: .*prev_pid=(\d+) prev_prio=-?\d+ prev_state=\S+ ==> next_comm=.* next_pid=(\d+) next_prio=-?\d+$/;

/** Who was on the core, one after the other. Others than burner and idle follow each other unseen, as one. */
function listStays(text: string, { pid, fromMs, toMs }: TracedRun): Stay[] {
  const isFollowed = (one: number): boolean => one === pid || one === idlePid;
  const stays: Stay[] = [];
  let current = Number.NaN;
  let sinceMs = fromMs;
  for (const line of text.split('\n')) {
    const [, seconds, previousText, nextText] = switchLine.exec(line) ?? [];
    const atMs = Number(seconds) * 1000;
    if (!(atMs >= fromMs && atMs <= toMs)) continue;
    const previous = Number(previousText);
    if (Number.isNaN(current)) current = previous;
    if (previous !== current && (isFollowed(previous) || isFollowed(current))) {
      stays.push({ pid: current, fromMs: sinceMs, afterMs: sinceMs, toMs: Number.NaN });
      stays.push({ pid: previous, fromMs: Number.NaN, afterMs: sinceMs, toMs: atMs });
    } else {
      stays.push({ pid: current, fromMs: sinceMs, afterMs: sinceMs, toMs: atMs });
    }
    current = Number(nextText);
    sinceMs = atMs;
  }
  if (!Number.isNaN(current)) stays.push({ pid: current, fromMs: sinceMs, afterMs: sinceMs, toMs });
  return stays;
}

/** The first begin of the burner's account after an instant; infinite where there is none. */
function beginAfter(edges: readonly number[], atMs: number): number {
  let low = 0;
  let high = Math.ceil(edges.length / 2);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle * 2] ?? Number.NaN) <= atMs) low = middle + 1;
    else high = middle;
  }
  return edges[low * 2] ?? Number.POSITIVE_INFINITY;
}

/**
 * Where the switch to the burner is missing, it came as long before the burner's own first sign of life as it does
 * elsewhere (the median). Of others nothing is known: they are taken for short, and the core for idle meanwhile.
 */
function settleStays(stays: readonly Stay[], { pid, edges }: TracedRun): Stay[] {
  const leads = stays
    .filter((stay) => stay.pid === pid)
    .map(({ fromMs, toMs }) => ({ leadMs: beginAfter(edges, fromMs) - fromMs, stayMs: toMs - fromMs }))
    .filter(({ leadMs, stayMs }) => leadMs < stayMs)
    .map(({ leadMs }) => leadMs);
  const leadMs = spreadOf(leads).median;
  const settled: Stay[] = [];
  for (const stay of [...stays].reverse()) {
    const following = settled.at(-1);
    const toMs = Number.isNaN(stay.toMs) ? (following?.fromMs ?? stay.fromMs) : stay.toMs;
    let fromMs = stay.fromMs;
    if (Number.isNaN(fromMs) && stay.pid === idlePid) {
      fromMs = stay.afterMs;
    } else if (Number.isNaN(fromMs)) {
      const signMs = stay.pid === pid ? beginAfter(edges, stay.afterMs) : toMs;
      fromMs = signMs < toMs ? Math.max(stay.afterMs, signMs - (leadMs || 0)) : toMs;
    }
    settled.push({ ...stay, fromMs, toMs });
  }
  return settled.reverse();
}

/**
 * From the text of a trace of sched_switch and of interrupts on one core (Documentation/trace/ftrace.rst), made with the clock `mono`.
 * Lines of other kinds, and switches outside of the span, are passed over. Null where the trace says that it lost some.
 */
export function parseSwitches(text: string, run: TracedRun): SwitchLog | null {
  const [, kept, written] = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(text) ?? [];
  if (kept !== written) return null;
  const stays = listStays(text, run);
  const settled = settleStays(stays, run);
  const edgesOf = (pid: number): number[] =>
    settled.filter((stay) => stay.pid === pid).flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  const missing = stays.filter(({ fromMs }) => Number.isNaN(fromMs)).length;
  return {
    fromMs: run.fromMs,
    toMs: run.toMs,
    burner: createBusyLog(edgesOf(run.pid)),
    idle: createBusyLog(without(edgesOf(idlePid), listInterrupts(text, run))),
    seen: Math.max(0, stays.length - missing - 1),
    missing,
  };
}

/**
 * There are machines where switches away from some tasks are in no trace, with ftrace and perf events alike: seen on a
 * virtual machine, always those from its second core's idle task, now and then those from its host's agent.
 */
const mostMissing = { core: 1 / 4, truth: 1 / 100 } as const;

/**
 * Whether the trace saw the burner come and go: `core`, so that this core is worth a try; `truth`, so that it can be
 * believed, for what is missing is known to some microseconds at best (see `settleStays`).
 */
export function isWhole({ burner, seen, missing }: SwitchLog, use: keyof typeof mostMissing): boolean {
  return burner.edges.length > 0 && missing <= seen * mostMissing[use];
}
