import path from 'node:path';
import type { RunTrace } from '../engine/analysis/trace.ts';
import { readJournal, type ReadJournal } from '../engine/experiment/journal.ts';
import { createPauseSwitch } from '../engine/experiment/pause.ts';
import { checkStrategies, parsePlan } from '../engine/experiment/plan.ts';
import { runExperiment, type ExperimentOutcome } from '../engine/experiment/run-experiment.ts';
import { experimentToJson } from '../engine/export/json.ts';
import { experimentToText } from '../engine/export/text.ts';
import { findPdfPrinter, printPdf } from '../engine/export/pdf.ts';
import { checkWritable, writeFileSafely } from '../engine/export/write-file.ts';
import { usableCores } from '../engine/machine.ts';
import { findNode, findPython } from '../engine/runner/interpreters.ts';
import type { Experiment, ExperimentPlan } from '../shared/experiment.ts';
import type { InterpreterChoice } from '../shared/ipc.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import { readPlanInput, type CompareOptions } from './compare-options.ts';
import { openExperimentTools } from './experiment-tools.ts';
import { nameFlags } from './flag-names.ts';
import { listenForInterruption } from './interruption.ts';
import { judgeGate, prepareGate, type Gate } from './gate.ts';
import { continueJournal, findBrokenOff, startJournal, type JournalFile } from './journal-file.ts';
import { agreeOnLength } from './plan-length.ts';
import { createProgress } from './progress.ts';
import { readRecordOptions, type RecordWishes } from './record-options.ts';
import { beginRecording, titleOf } from './recording-session.ts';
import { listenForSuspension, suspend } from './suspension.ts';
import { exitCodes, lineWidth, printNote, printProblem, type Terminal } from './terminal.ts';

/** Fewer blocks give an interval so wide that hardly anything can be told apart. */
const blocksWorthTrusting = 5;

/** All that a comparison needs, checked. */
interface Preparation {
  readonly plan: ExperimentPlan;
  readonly interpreter: InterpreterChoice;
  /** The runs of an earlier attempt; null for a new comparison. */
  readonly resumed: ReadJournal | null;
  /** `-` is stdout; null where no JSON is wanted. */
  readonly jsonPath: string | null;
  readonly reportPath: string | null;
  readonly record: RecordWishes;
  readonly gate: Gate;
}

/** Runs the comparison that was asked for and prints its result. Answers the exit code. */
export async function compare(
  workload: string | undefined,
  options: CompareOptions,
  terminal: Terminal,
  version: string,
): Promise<number> {
  const interruption = listenForInterruption();
  try {
    const prepared = await prepare(workload, options);
    if (!prepared.ok) {
      printProblem(terminal, prepared.problem);
      return exitCodes.badInput;
    }
    const quiet = options.quiet === true;
    if (!quiet) printNotes(prepared.value, terminal);
    if (options.yes !== true) {
      const { signal } = interruption;
      const agreed = await agreeOnLength(prepared.value, { terminal, version, quiet, signal });
      if (!agreed.ok) {
        printProblem(terminal, agreed.problem);
        return exitCodes.badInput;
      }
    }
    const journal = openJournalFor(prepared.value, terminal);
    const outcome = await measure(prepared.value, {
      terminal,
      version,
      quiet,
      signal: interruption.signal,
      journal,
    });
    switch (outcome.state) {
      case 'cancelled': {
        const { completedRuns } = outcome;
        const runs = completedRuns === 1 ? '1 run' : `${completedRuns} runs`;
        const isKept = journal !== null && completedRuns > 0;
        terminal.err.write(
          `corescope: cancelled after ${runs} had finished; ${isKept ? 'what was measured is kept' : 'nothing was written'}.\n`,
        );
        if (isKept) {
          terminal.err.write(`  Go on with: corescope compare --resume ${journal.path}\n`);
        } else {
          journal?.remove();
        }
        return interruption.exitCode();
      }
      case 'failed':
        printProblem(terminal, outcome.problem);
        return exitCodes.failedRun;
      case 'finished': {
        const exitCode = await deliver(outcome, prepared.value, terminal, quiet);
        // Where a file could not be written, the runs can still be had without making them again.
        if (exitCode !== exitCodes.badInput) journal?.remove();
        else if (journal !== null) printNote(terminal, `The runs are kept in ${journal.path} (--resume).`);
        return exitCode;
      }
    }
  } finally {
    interruption.stopListening();
  }
}

/** Checks everything before anything is run: a mistake must not cost the minutes that the runs take. */
async function prepare(workload: string | undefined, options: CompareOptions): Promise<Result<Preparation>> {
  const wanted = findPlan(workload, options);
  if (!wanted.ok) return wanted;
  const { plan, resumed } = wanted.value;

  const jsonPath = options.json ?? null;
  const reportPath = options.report ?? null;
  if (jsonPath !== null && reportPath !== null && path.resolve(jsonPath) === path.resolve(reportPath)) {
    return fail(
      'same-file',
      `--json and --report both name ${reportPath}.`,
      'Give the JSON and the report a file each.',
    );
  }
  for (const file of [jsonPath, reportPath]) {
    if (file === null || file === '-') continue;
    const writable = await checkWritable(file);
    if (!writable.ok) return writable;
  }
  const record = await readRecordOptions(options);
  if (!record.ok) return record;

  if (reportPath !== null && needsElectron(reportPath)) {
    const printer = findPdfPrinter();
    if (!printer.ok) return printer;
  }

  const gate = await prepareGate(options, plan);
  if (!gate.ok) return gate;
  const { workload: work, pythonPath } = plan;
  const interpreter = work.runtime === 'python' ? await findPython(pythonPath) : await findNode();
  if (!interpreter.ok) return interpreter;
  const runnable = nameFlags(checkStrategies(plan, interpreter.value, process.platform), '--strategies');
  if (!runnable.ok) return runnable;
  return succeed({
    plan,
    interpreter: interpreter.value,
    resumed,
    jsonPath,
    reportPath,
    record: record.value,
    gate: gate.value,
  });
}

/** The plan that was typed, or that of the journal that is to be continued. */
function findPlan(
  workload: string | undefined,
  options: CompareOptions,
): Result<Pick<Preparation, 'plan' | 'resumed'>> {
  if (options.resume !== undefined) {
    const given = workload ?? options.command?.join(' ');
    if (given !== undefined) {
      return fail(
        'two-plans',
        `A workload (${given}) and --resume are given, but the file holds a plan of its own.`,
        'Leave out the one or the other.',
      );
    }
    const journal = readJournal(options.resume);
    return journal.ok ? succeed({ plan: journal.value.plan, resumed: journal.value }) : journal;
  }
  const input = readPlanInput(workload ?? '', options, { usableCores: usableCores() });
  if (!input.ok) return input;
  const plan = nameFlags(parsePlan(input.value), '--strategies');
  return plan.ok ? succeed({ plan: plan.value, resumed: null }) : plan;
}

function openJournalFor({ plan, resumed }: Preparation, terminal: Terminal): JournalFile | null {
  const journal =
    resumed === null ? startJournal({ plan, startedAt: new Date().toISOString() }) : continueJournal(resumed);
  if (journal === null && resumed !== null) {
    printNote(
      terminal,
      `${resumed.path} cannot be written: what is run now is lost if it is interrupted again.`,
    );
  }
  return journal;
}

function printNotes({ plan, resumed }: Preparation, terminal: Terminal): void {
  const earlier = resumed?.entries.length ?? 0;
  const brokenOff = resumed === null ? findBrokenOff(plan) : null;
  if (brokenOff !== null) {
    const { path, entries } = brokenOff;
    const runs = entries.length === 1 ? 'the 1 run' : `the ${entries.length} runs`;
    printNote(
      terminal,
      `This comparison was broken off earlier. To use ${runs} of then: corescope compare --resume ${path}`,
    );
  }
  if (earlier > 0) {
    printNote(
      terminal,
      `Of the ${earlier === 1 ? 'run' : `${earlier} runs`} made before, the figures are kept and no samples: the recording and the report's pictures of the cores show what is run from now on.`,
    );
  }
  const { tasks } = plan.workload;
  const most = Math.max(...plan.workerCounts);
  if (most > tasks) {
    printNote(terminal, `Only ${tasks} of ${most} workers are used: there is one task for each.`);
  }
  if (plan.blocks < blocksWorthTrusting) {
    printNote(
      terminal,
      `A first impression only: an interval that can be trusted needs ${blocksWorthTrusting} blocks or more (--blocks).`,
    );
  }
}

async function measure(
  { plan, interpreter, resumed, record }: Preparation,
  {
    terminal,
    version,
    quiet,
    signal,
    journal,
  }: {
    readonly terminal: Terminal;
    readonly version: string;
    readonly quiet: boolean;
    readonly signal: AbortSignal;
    readonly journal: JournalFile | null;
  },
): Promise<ExperimentOutcome> {
  const tools = await openExperimentTools(version, interpreter);
  const { clock, sampler } = tools;
  const progress = createProgress(terminal, clock, { quiet, interpreterVersion: interpreter.version });
  const unsubscribe = sampler.subscribe((message) => progress.onSample(message));
  const pause = createPauseSwitch();
  const stopListening = listenForSuspension(pause, (note) => {
    if (!quiet) printNote(terminal, note);
  });
  const recording = beginRecording(
    record,
    {
      corescopeVersion: version,
      title: titleOf(plan),
      startedUnixMs: clock.startedUnixMs,
      requestedEveryMs: tools.samplerEveryMs,
      machine: tools.machine,
    },
    { sampler, clock },
    terminal,
  );
  try {
    return await runExperiment(plan, tools, {
      onEvent(event) {
        progress.onEvent(event);
        recording.addEvent(event);
        if (event.type === 'paused') suspend();
      },
      signal,
      pause,
      ...(journal === null ? {} : { journal: journal.journal }),
      ...(resumed === null ? {} : { resumed }),
    });
  } finally {
    stopListening();
    progress.end();
    unsubscribe();
    recording.end(quiet);
    await sampler.stop();
  }
}

/** Files first: whoever sees the table can rely on them. */
async function deliver(
  { experiment, traces }: Extract<ExperimentOutcome, { state: 'finished' }>,
  { jsonPath, reportPath, gate }: Preparation,
  terminal: Terminal,
  quiet: boolean,
): Promise<number> {
  const json = experimentToJson(experiment);
  const judged = judgeGate(gate, experiment);
  const documents: { file: string; text: string | Uint8Array }[] = [
    ...(jsonPath === null || jsonPath === '-' ? [] : [{ file: jsonPath, text: json }]),
    ...judged.documents.filter(({ file }) => file !== '-'),
  ];
  const notes: string[] = [];
  let exitCode: number = hasFailed(experiment) ? exitCodes.failedRun : exitCodes.success;
  if (reportPath !== null) {
    const report = await drawReport(experiment, traces, reportPath);
    if (report.ok) {
      documents.push({ file: reportPath, text: report.value });
    } else {
      printProblem(terminal, report.problem);
      exitCode = exitCodes.badInput;
    }
  }
  const printed = judged.documents.find(({ file }) => file === '-')?.text ?? (jsonPath === '-' ? json : null);
  for (const { file, text } of documents) {
    const written = await writeFileSafely(file, text);
    if (written.ok) {
      notes.push(`Wrote ${file}`);
    } else {
      // The runs are done and shown below; only this file is missing.
      printProblem(terminal, written.problem);
      exitCode = exitCodes.badInput;
    }
  }
  if (printed !== null) {
    terminal.out.write(printed);
  } else {
    const table = experimentToText(experiment, {
      columns: lineWidth(terminal.out),
      colour: terminal.outColours.isColorSupported,
    });
    terminal.out.write(table.endsWith('\n') ? table : `${table}\n`);
  }
  for (const line of judged.lines) terminal.err.write(`corescope: ${line}\n`);
  if (!quiet) for (const note of notes) printNote(terminal, note);
  return judged.isBroken && exitCode === exitCodes.success ? exitCodes.brokenBudget : exitCode;
}

/**
 * HTML, or what the file's name asks for: PDF, or the chart alone as SVG or PNG. The report brings a chart library with it, which takes half a second to
 * load: only for who wants a report.
 */
async function drawReport(
  experiment: Experiment,
  traces: readonly RunTrace[],
  file: string,
): Promise<Result<string | Uint8Array>> {
  const extension = path.extname(file).toLowerCase();
  if (extension === '.svg' || extension === '.png') {
    const { experimentToPng, experimentToSvg } = await import('../engine/export/experiment-picture.ts');
    return extension === '.svg' ? succeed(experimentToSvg(experiment)) : await experimentToPng(experiment);
  }
  const { experimentToHtml } = await import('../engine/export/html.ts');
  const html = experimentToHtml(experiment, traces);
  return extension === '.pdf' ? await printPdf(html) : succeed(html);
}

function needsElectron(file: string): boolean {
  return ['.pdf', '.png'].includes(path.extname(file).toLowerCase());
}

function hasFailed({ verdict, strategies }: Experiment): boolean {
  const runs = strategies.flatMap((strategy) => strategy.runs);
  return verdict.state === 'failed' || runs.some(({ state }) => state === 'failed' || state === 'timed-out');
}
