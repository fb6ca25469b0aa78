import { readFile } from 'node:fs/promises';
import type { SessionClock } from '../../engine/clock.ts';
import { differencesToMarkdown } from '../../engine/differences/markdown.ts';
import { expectedMs, measureDifferences, usualPlan } from '../../engine/differences/measure.ts';
import { differencesToJson, parseDifferences } from '../../engine/differences/report-schema.ts';
import { writeFileSafely } from '../../engine/export/write-file.ts';
import { usableCores } from '../../engine/machine.ts';
import type { HostFiles } from '../../engine/runner/run.ts';
import type { Sampler } from '../../engine/sampler/index.ts';
import type { DifferencesProgress, DifferencesReport } from '../../shared/differences.ts';
import type {
  DifferencesEvent,
  DifferencesFormat,
  DifferencesRequests,
} from '../../shared/differences-requests.ts';
import type { MachineInfo } from '../../shared/experiment.ts';
import type { CatalogueRuntime } from '../../shared/workload.ts';
import type { InterpreterChoice } from '../../shared/ipc.ts';
import { fail, succeed, type Problem, type Result } from '../../shared/result.ts';

/** What the engine's process is asked: where to save is asked by main. */
export type DifferencesEngineRequests = Omit<DifferencesRequests, 'differences:save'> & {
  'differences:write': {
    readonly request: { readonly format: DifferencesFormat; readonly path: string };
    readonly response: null;
  };
};

export type DifferencesAnswers = {
  readonly [Name in keyof DifferencesEngineRequests]: (
    payload: DifferencesEngineRequests[Name]['request'],
  ) => Promise<Result<DifferencesEngineRequests[Name]['response']>>;
};

export interface DifferencesSurroundings {
  readonly clock: SessionClock;
  readonly sampler: Sampler;
  readonly machine: Promise<MachineInfo>;
  readonly version: string;
  readonly hostFiles: HostFiles;
  /** `pythonPath` null: the one of the settings, else the one that is found. */
  readonly findInterpreter: (
    runtime: CatalogueRuntime,
    pythonPath: string | null,
  ) => Promise<Result<InterpreterChoice>>;
  /** Of resources/differences. */
  readonly probesFolder: string;
  /** The last table is kept there. */
  readonly keptFile: string;
  /** Whether something else is measured, which this would disturb. */
  readonly isBusy: () => boolean;
  readonly onEvent: (event: DifferencesEvent) => void;
}

/** Measures the table, one at a time, and keeps the last one across restarts. */
export class DifferencesDesk {
  readonly answers: DifferencesAnswers;
  readonly #surroundings: DifferencesSurroundings;
  #running: { readonly controller: AbortController; readonly ended: Promise<DifferencesEvent> } | null = null;
  #progress: DifferencesProgress | null = null;
  /** Read when it is first asked for; undefined: not yet. */
  #kept: Promise<Result<DifferencesReport | null>> | undefined;

  constructor(surroundings: DifferencesSurroundings) {
    this.#surroundings = surroundings;
    this.answers = {
      'differences:state': async () => {
        const kept = await this.#last();
        return succeed({
          report: kept.ok ? kept.value : null,
          problem: kept.ok ? null : kept.problem,
          progress: this.#progress,
          expectedMs: {
            quick: expectedMs(usualPlan('quick', usableCores())),
            whole: expectedMs(usualPlan('whole', usableCores())),
          },
        });
      },
      'differences:measure': (wish) => Promise.resolve(this.#measure(wish)),
      'differences:cancel': () => this.#cancel(),
      'differences:write': async ({ format, path }) => {
        const text = await this.#write(format);
        if (!text.ok) return text;
        const written = await writeFileSafely(path, text.value);
        return written.ok ? succeed(null) : written;
      },
      'differences:text': async () => {
        const text = await this.#write('markdown');
        return text.ok ? succeed({ text: text.value }) : text;
      },
    };
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  #last(): Promise<Result<DifferencesReport | null>> {
    this.#kept ??= readKept(this.#surroundings.keptFile);
    return this.#kept;
  }

  async #write(format: DifferencesFormat): Promise<Result<string>> {
    const last = await this.#last();
    if (!last.ok) return last;
    if (last.value === null)
      return fail('nothing-to-save', 'There is no table to save.', 'Measure it first.');
    return succeed(format === 'json' ? differencesToJson(last.value) : differencesToMarkdown(last.value));
  }

  #measure(wish: DifferencesRequests['differences:measure']['request']): Result<null> {
    if (this.#running !== null) {
      return fail('busy', 'The table is already being measured.', 'Cancel it, or wait until it has ended.');
    }
    if (this.#surroundings.isBusy()) {
      return fail(
        'busy',
        'An experiment is running, and the two would disturb each other.',
        'Cancel it in the view Experiment, or wait until it has ended.',
      );
    }
    const controller = new AbortController();
    const ended = this.#run(wish, controller.signal).finally(() => {
      this.#running = null;
      this.#progress = null;
    });
    this.#running = { controller, ended };
    // Told last, when the next one may begin.
    void ended.then(this.#surroundings.onEvent);
    return succeed(null);
  }

  async #run(
    { thoroughness, pythonPath }: DifferencesRequests['differences:measure']['request'],
    signal: AbortSignal,
  ): Promise<DifferencesEvent> {
    const { clock, sampler, machine, version, hostFiles, probesFolder } = this.#surroundings;
    const { findInterpreter, keptFile, onEvent } = this.#surroundings;
    try {
      const outcome = await measureDifferences(
        usualPlan(thoroughness, usableCores()),
        {
          ...{ clock, sampler, version, hostFiles, probesFolder, machine: await machine },
          findInterpreter: (runtime) => findInterpreter(runtime, pythonPath),
        },
        {
          signal,
          onProgress: (progress) => {
            this.#progress = progress;
            onEvent({ type: 'progress', progress });
          },
        },
      );
      if (outcome.state === 'cancelled') return { type: 'cancelled' };
      const { report } = outcome;
      this.#kept = Promise.resolve(succeed(report));
      return { type: 'finished', report, unsaved: await keep(report, keptFile) };
    } catch (error) {
      const { problem } = fail(
        'internal',
        `The measurement broke off: ${error instanceof Error ? error.message : String(error)}`,
        'This is a fault in Corescope. Please report it with what was measured last.',
      );
      return { type: 'failed', problem };
    }
  }

  async #cancel(): Promise<Result<null>> {
    const running = this.#running;
    running?.controller.abort();
    await running?.ended;
    return succeed(null);
  }
}

async function keep(report: DifferencesReport, file: string): Promise<Problem | null> {
  const written = await writeFileSafely(file, differencesToJson(report));
  return written.ok ? null : written.problem;
}

async function readKept(file: string): Promise<Result<DifferencesReport | null>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return succeed(null);
    return fail(
      'unreadable-differences',
      `The table that was kept in ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Measure again: the file is then written anew.',
    );
  }
  return parseDifferences(text);
}
