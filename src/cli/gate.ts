import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from '@commander-js/extra-typings';
import { checkBaseline, compareWithBaseline } from '../engine/analysis/baseline.ts';
import { judgeBudget, missingStrategy, parseBudget, type Budget } from '../engine/analysis/budget.ts';
import { parseExperiment } from '../engine/export/experiment-schema.ts';
import { experimentToHyperfineJson } from '../engine/export/hyperfine.ts';
import { experimentToMarkdown, type GateFindings } from '../engine/export/markdown.ts';
import { checkWritable } from '../engine/export/write-file.ts';
import type { Experiment, ExperimentPlan } from '../shared/experiment.ts';
import { fail, succeed, type Result } from '../shared/result.ts';

/** What `compare` is held to, and the further documents that it writes; all unchecked words. */
export interface GateOptions {
  readonly budget: readonly string[];
  readonly baseline?: string | undefined;
  readonly exportJson?: string | undefined;
  readonly markdown?: string | undefined;
  readonly json?: string | undefined;
  readonly report?: string | undefined;
}

export interface Gate {
  readonly budgets: readonly Budget[];
  readonly baseline: Experiment | null;
  readonly hyperfinePath: string | null;
  /** `-` is stdout, in place of the table. */
  readonly markdownPath: string | null;
}

/** What the gate says of a finished comparison. */
export interface GateVerdict {
  /** A budget is broken, or something is worse than the baseline. */
  readonly isBroken: boolean;
  /** One line for each finding, the broken ones marked. */
  readonly lines: readonly string[];
  readonly documents: readonly { readonly file: string; readonly text: string }[];
}

/** The return type is inferred: commander makes the type of the parsed options from these lines. */
export function addGateOptions<Args extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Args, Options>,
) {
  return command
    .addOption(
      new Option(
        '--budget <limit>',
        "a limit to keep, like 'speedup(processes)>1.5' or 'peakPss<500MB'; can be repeated",
      )
        .default<readonly string[]>([], 'none')
        .argParser<readonly string[]>((value, earlier) => [...earlier, value]),
    )
    .option('--baseline <file>', 'the JSON of an earlier comparison, than which nothing may be worse')
    .option('--export-json <file>', 'write the times as hyperfine does, for its plot scripts')
    .option('--markdown <file>', 'write the result for a pull request; - prints it instead of the table');
}

/** Checks all that before anything is run. */
export async function prepareGate(options: GateOptions, plan: ExperimentPlan): Promise<Result<Gate>> {
  const budgets: Budget[] = [];
  for (const text of options.budget) {
    const budget = parseBudget(text);
    if (!budget.ok) return budget;
    const missing = missingStrategy(budget.value, plan.strategies);
    if (missing !== null) {
      return fail(
        'budget-without-strategy',
        `--budget "${text}" is for ${missing}, which this comparison does not run.`,
        `Add it: --strategies ${[...plan.strategies, missing].join(',')}`,
      );
    }
    budgets.push(budget.value);
  }
  const destinations = await checkDestinations(options);
  if (!destinations.ok) return destinations;
  const baseline =
    options.baseline === undefined ? succeed(null) : await readBaseline(options.baseline, plan);
  if (!baseline.ok) return baseline;
  return succeed({
    budgets,
    baseline: baseline.value,
    hyperfinePath: options.exportJson ?? null,
    markdownPath: options.markdown ?? null,
  });
}

async function checkDestinations(options: GateOptions): Promise<Result<null>> {
  const taken = new Map<string, string>();
  for (const [flag, file] of [
    ['--json', options.json],
    ['--report', options.report],
    ['--export-json', options.exportJson],
    ['--markdown', options.markdown],
  ] as const) {
    if (file === undefined) continue;
    const place = file === '-' ? '-' : path.resolve(file);
    const other = taken.get(place);
    if (other !== undefined) {
      return fail('same-file', `${other} and ${flag} both name ${file}.`, 'Give each a file of its own.');
    }
    taken.set(place, flag);
    if (file === '-' || flag === '--json' || flag === '--report') continue;
    const writable = await checkWritable(file);
    if (!writable.ok) return writable;
  }
  return succeed(null);
}

async function readBaseline(file: string, plan: ExperimentPlan): Promise<Result<Experiment>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      'baseline-not-read',
      `--baseline ${file} cannot be read: ${reason}.`,
      'Give a file that corescope compare --json wrote.',
    );
  }
  const experiment = parseExperiment(text);
  if (!experiment.ok) {
    const { kind, message } = experiment.problem;
    return fail(kind, `--baseline ${file}: ${message}`, 'Give a file that corescope compare --json wrote.');
  }
  return checkBaseline(plan.workload, experiment.value, file);
}

export function judgeGate(gate: Gate, experiment: Experiment): GateVerdict {
  const findings: GateFindings = {
    budgets: gate.budgets.flatMap((budget) => judgeBudget(budget, experiment)),
    baseline: gate.baseline === null ? [] : compareWithBaseline(experiment, gate.baseline),
  };
  const told = findings.baseline.filter(({ state }) => state !== 'same');
  const broken = [
    ...findings.budgets.filter(({ state }) => state !== 'kept'),
    ...findings.baseline.filter(({ state }) => state === 'regression'),
  ];
  return {
    isBroken: broken.length > 0,
    lines: [
      ...findings.budgets.map(
        ({ state, sentence }) => `${state === 'kept' ? 'kept' : 'BROKEN'}: ${sentence}`,
      ),
      ...told.map(({ state, sentence }) => `${state === 'regression' ? 'WORSE' : state}: ${sentence}`),
      ...(findings.baseline.length > 0 && told.length === 0 ? ['kept: No change against the baseline.'] : []),
    ],
    documents: [
      ...(gate.hyperfinePath === null
        ? []
        : [{ file: gate.hyperfinePath, text: experimentToHyperfineJson(experiment) }]),
      ...(gate.markdownPath === null
        ? []
        : [{ file: gate.markdownPath, text: experimentToMarkdown(experiment, findings) }]),
    ],
  };
}
