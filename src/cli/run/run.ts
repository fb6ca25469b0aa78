import { createSessionClock } from '../../engine/clock.ts';
import { checkStrategies, parsePlan } from '../../engine/experiment/plan.ts';
import { runExperiment, type ExperimentOutcome } from '../../engine/experiment/run-experiment.ts';
import { experimentToJson } from '../../engine/export/json.ts';
import { checkWritable, writeFileSafely } from '../../engine/export/write-file.ts';
import { describeMachine } from '../../engine/machine.ts';
import { findNode, findPython } from '../../engine/runner/interpreters.ts';
import { createSamplerWorker } from '../../engine/sampler/remote.ts';
import type { Experiment, ExperimentPlan } from '../../shared/experiment.ts';
import type { InterpreterChoice } from '../../shared/ipc.ts';
import { succeed, type Result } from '../../shared/result.ts';
import { files } from '../files.ts';
import { nameFlags } from '../flag-names.ts';
import { listenForInterruption } from '../interruption.ts';
import { readRecordOptions, type RecordWishes } from '../record-options.ts';
import { beginRecording, titleOf } from '../recording-session.ts';
import { exitCodes, printNote, printProblem, type Terminal } from '../terminal.ts';
import { chooseWork } from '../work-options.ts';
import { readRunPlan, type RunOptions } from './run-options.ts';
import { createRunProgress } from './run-progress.ts';
import { describeRuns, firstProblem } from './run-text.ts';

const samplerEveryMs = 100;

interface Preparation {
  readonly plan: ExperimentPlan;
  readonly interpreter: InterpreterChoice;
  readonly record: RecordWishes;
}

/** Runs one strategy and prints what it took. Answers the exit code. */
export async function run(
  words: readonly string[],
  command: readonly string[] | null,
  options: RunOptions,
  terminal: Terminal,
  version: string,
): Promise<number> {
  const interruption = listenForInterruption();
  try {
    const prepared = await prepare(words, command, options);
    if (!prepared.ok) {
      printProblem(terminal, prepared.problem);
      return exitCodes.badInput;
    }
    const outcome = await measure(prepared.value, options, terminal, version, interruption.signal);
    switch (outcome.state) {
      case 'cancelled':
        terminal.err.write('corescope: cancelled; every process of the run has been ended.\n');
        return interruption.exitCode();
      case 'failed':
        printProblem(terminal, outcome.problem);
        return exitCodes.failedRun;
      case 'finished':
        return await deliver(outcome.experiment, options, terminal);
    }
  } finally {
    interruption.stopListening();
  }
}

async function prepare(
  words: readonly string[],
  command: readonly string[] | null,
  options: RunOptions,
): Promise<Result<Preparation>> {
  const work = chooseWork(words, command, options);
  if (!work.ok) return work;
  const input = readRunPlan(work.value, options);
  if (!input.ok) return input;
  const plan = nameFlags(parsePlan(input.value), '--strategy');
  if (!plan.ok) return plan;
  if (options.json !== undefined && options.json !== '-') {
    const writable = await checkWritable(options.json);
    if (!writable.ok) return writable;
  }
  const record = await readRecordOptions(options);
  if (!record.ok) return record;
  const { workload, pythonPath } = plan.value;
  const interpreter = workload.runtime === 'python' ? await findPython(pythonPath) : await findNode();
  if (!interpreter.ok) return interpreter;
  const runnable = nameFlags(checkStrategies(plan.value, interpreter.value, process.platform), '--strategy');
  if (!runnable.ok) return runnable;
  return succeed({ plan: plan.value, interpreter: interpreter.value, record: record.value });
}

async function measure(
  { plan, interpreter, record }: Preparation,
  options: RunOptions,
  terminal: Terminal,
  version: string,
  signal: AbortSignal,
): Promise<ExperimentOutcome> {
  const machine = await describeMachine();
  const clock = createSessionClock();
  const sampler = createSamplerWorker({
    workerFile: files.samplerWorker,
    clockOrigin: { originNs: clock.originNs, startedUnixMs: clock.startedUnixMs },
    everyMs: samplerEveryMs,
    // As often as progress is drawn; a limit of memory is enforced this much later.
    holdMs: 250,
  });
  const progress = createRunProgress(terminal, clock, { quiet: options.quiet === true });
  const unsubscribe = sampler.subscribe((message) => progress.onSample(message));
  const recording = beginRecording(
    record,
    {
      corescopeVersion: version,
      title: titleOf(plan),
      startedUnixMs: clock.startedUnixMs,
      requestedEveryMs: samplerEveryMs,
      machine,
    },
    { sampler, clock },
    terminal,
  );
  try {
    return await runExperiment(
      plan,
      { clock, sampler, samplerEveryMs, machine, version, interpreter, hostFiles: files.host },
      {
        onEvent(event) {
          progress.onEvent(event);
          recording.addEvent(event);
        },
        signal,
      },
    );
  } finally {
    progress.end();
    unsubscribe();
    recording.end(options.quiet === true);
    await sampler.stop();
  }
}

async function deliver(experiment: Experiment, options: RunOptions, terminal: Terminal): Promise<number> {
  const problem = firstProblem(experiment);
  const exitCode = problem === null ? exitCodes.success : exitCodes.failedRun;
  const json = experimentToJson(experiment);
  if (options.json === '-') {
    terminal.out.write(json);
    if (problem !== null) printProblem(terminal, problem);
    return exitCode;
  }
  terminal.out.write(describeRuns(experiment, terminal.outColours));
  if (options.json === undefined) return exitCode;
  const written = await writeFileSafely(options.json, json);
  if (!written.ok) {
    printProblem(terminal, written.problem);
    return exitCodes.badInput;
  }
  if (options.quiet !== true) printNote(terminal, `Wrote ${options.json}`);
  return exitCode;
}
