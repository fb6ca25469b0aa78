import os from 'node:os';
import { fail, type Problem } from '../../shared/result.ts';
import { summarizeOutput } from './output-tail.ts';

/** How a host process ended, as the system tells it. */
export interface HostExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What was seen of a host that ended before it had said how its run ended. */
export interface UntoldEnd {
  readonly runtime: string;
  readonly workloadId: string;
  readonly strategy: string;
  readonly exit: HostExit;
  /** The last output of the run, both streams. */
  readonly output: string;
  /** Processes that the kernel killed for want of memory while the run lasted; null where it does not tell. */
  readonly oomKills: number | null;
  /** Whether the host's event channel closed while the host went on. */
  readonly lostChannel: boolean;
}

interface Story {
  readonly kind: string;
  /** Continues "The … run host of … as …": what happened to it. */
  readonly what: string;
  readonly advice: string;
}

/** What a signal that a process raises itself stands for. */
const crashes: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGSEGV: 'it used memory that is not its own, which is a fault in native code',
  SIGBUS: 'it used memory that is not there, such as a mapped file that has become shorter',
  SIGABRT: 'it gave up by abort(), as runtimes do when they run out of memory or find themselves damaged',
  SIGILL: 'it came to an instruction that this processor does not have',
  SIGFPE: 'it divided by zero in native code',
  SIGTRAP: 'it stopped at a check of its own, as V8 does in a fatal error',
};

/** A shell's way to say that a signal ended its last command. */
const signalExitBase = 128;

/** The problem of a run whose host ended before the work was done: what happened, and the last words. */
export function describeUntoldEnd(end: UntoldEnd): Problem {
  const { kind, what, advice } = tell(end);
  const said = summarizeOutput(end.output);
  const words = said === '' ? ', without a word' : `; its last output: ${said}`;
  return fail(
    kind,
    `The ${end.runtime} run host of "${end.workloadId}" as ${end.strategy} ${what}${words}.`,
    advice,
  ).problem;
}

const tryOutside =
  'If its output does not explain it, run the work outside Corescope to see whether it ends there too.';

function tell({ exit, output, oomKills, lostChannel }: UntoldEnd): Story {
  const { code, signal } = exit;
  if (lostChannel) {
    return {
      kind: 'events-closed',
      what: 'lost file descriptor 3, through which it tells Corescope what happens (something in the work closed it)',
      advice: 'Let the work close only the descriptors that it has opened itself.',
    };
  }
  if (signal === 'SIGKILL') return killed('by signal SIGKILL', oomKills);
  if (code === signalExitBase + os.constants.signals.SIGKILL) {
    return killed(`with exit code ${code}, which stands for SIGKILL,`, oomKills);
  }
  if (signal !== null) {
    const cause = crashes[signal];
    return {
      kind: 'host-crashed',
      what:
        cause === undefined
          ? `ended by signal ${signal} before the work was done (Corescope did not send it)`
          : `ended by signal ${signal} before the work was done (${cause})`,
      advice: tryOutside,
    };
  }
  if (code !== 0 && /\bEBADF\b|Bad file descriptor/.test(output)) {
    return {
      kind: 'events-closed',
      what: `ended with exit code ${code ?? 'unknown'} before the work was done (a file descriptor that it needs had been closed; 3 is its way to Corescope)`,
      advice: 'Let the work close only the descriptors that it has opened itself.',
    };
  }
  return {
    kind: 'host-crashed',
    what: `ended with exit code ${code ?? 'unknown'} before the work was done${code === 0 ? ' (something in the work ended the whole process)' : ''}`,
    advice:
      code === 0
        ? 'Let the work return instead of calling exit: in every strategy but processes that ends all workers.'
        : tryOutside,
  };
}

function killed(how: string, oomKills: number | null): Story {
  const byKernel = oomKills !== null && oomKills > 0;
  const who = byKernel
    ? `the kernel ran out of memory meanwhile and killed ${oomKills === 1 ? 'a process' : `${oomKills} processes`}`
    : oomKills === 0
      ? 'Corescope did not send it, and the kernel has not killed for want of memory, so another program or user did'
      : 'Corescope did not send it: the kernel did, for want of memory, or someone else';
  return {
    kind: 'host-killed',
    what: `ended ${how} before the work was done (${who})`,
    advice: byKernel
      ? 'Run less at once, or set a memory limit, which ends the run before the kernel must choose.'
      : 'See the kernel log (dmesg) for "Out of memory", and whether something here ends processes by itself.',
  };
}
