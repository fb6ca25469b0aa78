import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { calibratePlan, timedRunOf } from '../engine/experiment/calibrate.ts';
import { estimatePlan, type PlanFacts } from '../engine/experiment/estimate.ts';
import type { ReadJournal } from '../engine/experiment/journal.ts';
import { usableCores } from '../engine/machine.ts';
import type { ExperimentPlan } from '../shared/experiment.ts';
import { formatExpectedDuration } from '../shared/format.ts';
import type { InterpreterChoice } from '../shared/ipc.ts';
import type { PlanEstimate } from '../shared/plan-estimate.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import { openExperimentTools } from './experiment-tools.ts';
import { isLive, printNote, type Terminal } from './terminal.ts';

/** What takes longer is only begun by whoever has said so. */
const longMs = 3_600_000;

/**
 * Whether a comparison may begin: always, unless it takes hours. Where its time limits alone do not rule that out, one
 * run is made to find out; then whoever sits at the terminal is asked, and everyone else needs `--yes`. Aborted: true,
 * for the comparison itself knows what to do then.
 */
export async function agreeOnLength(
  prepared: {
    readonly plan: ExperimentPlan;
    readonly interpreter: InterpreterChoice;
    readonly resumed: ReadJournal | null;
  },
  options: {
    readonly terminal: Terminal;
    readonly version: string;
    readonly quiet: boolean;
    readonly signal: AbortSignal;
  },
): Promise<Result<true>> {
  const { plan, interpreter, resumed } = prepared;
  const { terminal, signal } = options;
  const done = resumed?.entries ?? [];
  const facts: PlanFacts = {
    plan,
    usableCores: usableCores(),
    gilEnabled: interpreter.gilEnabled,
    pastRuns: done.map(timedRunOf),
    runsDone: done.length,
  };
  let estimate = estimatePlan(facts);
  if (estimate.boundMs <= longMs) return succeed(true);
  if (estimate.duration === null) {
    if (!options.quiet) {
      printNote(terminal, `One run first, to tell how long all ${estimate.runs} may take.`);
    }
    const tools = await openExperimentTools(options.version, interpreter);
    try {
      estimate = estimatePlan({ ...facts, pastRuns: await calibratePlan(plan, tools, signal) });
    } finally {
      await tools.sampler.stop();
    }
  }
  if (signal.aborted || (estimate.duration?.likelyMs ?? estimate.boundMs) <= longMs) return succeed(true);
  if (process.stdin.isTTY && isLive(terminal.err)) return await ask(estimate, terminal, signal);
  return fail(
    'takes-hours',
    describeLength(estimate),
    'Add --yes to run it all the same, or make it smaller with --blocks, --workers, --strategies or --timeout.',
  );
}

/** `This comparison of 1005 runs will take about 2 h 47 min (50 min 0 s to 4 h 11 min).` */
export function describeLength({ runs, duration, boundMs }: PlanEstimate): string {
  const what = `This comparison of ${runs} runs`;
  if (duration === null) return `${what} may take up to ${formatExpectedDuration(boundMs)}.`;
  const { leastMs, likelyMs, mostMs } = duration;
  const span = `${formatExpectedDuration(leastMs)} to ${formatExpectedDuration(mostMs)}`;
  return `${what} will take about ${formatExpectedDuration(likelyMs)} (${span}).`;
}

async function ask(estimate: PlanEstimate, terminal: Terminal, signal: AbortSignal): Promise<Result<true>> {
  const dialogue = createInterface({ input: process.stdin, output: terminal.err });
  // On a terminal the interface takes Ctrl-C for itself; it is meant for the program.
  dialogue.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  // The end of the input closes the interface, and leaves the question without an answer.
  const ended = once(dialogue, 'close').then(() => '');
  try {
    const question = dialogue.question(`${describeLength(estimate)} Go on? [y/N] `, { signal });
    const answer = await Promise.race([question, ended]);
    if (/^y(es)?$/i.test(answer.trim())) return succeed(true);
  } catch (error) {
    if (signal.aborted) return succeed(true);
    throw error;
  } finally {
    dialogue.close();
  }
  return fail(
    'not-wanted',
    'Nothing was compared.',
    'Make it smaller with --blocks, --workers or --timeout.',
  );
}
