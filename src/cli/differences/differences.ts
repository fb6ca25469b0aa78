import { createLogUpdate } from 'log-update';
import { createSessionClock } from '../../engine/clock.ts';
import { differencesToJson } from '../../engine/differences/report-schema.ts';
import { measureDifferences, usualPlan } from '../../engine/differences/measure.ts';
import type { DifferencesProgress } from '../../shared/differences.ts';
import { checkWritable, writeFileSafely } from '../../engine/export/write-file.ts';
import { describeMachine, usableCores } from '../../engine/machine.ts';
import { findNode, findPython } from '../../engine/runner/interpreters.ts';
import { createSamplerWorker } from '../../engine/sampler/remote.ts';
import { runtimeNames } from '../../shared/differences-words.ts';
import { formatExpectedDuration } from '../../shared/format.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { catalogueRuntimes, type CatalogueRuntime } from '../../shared/workload.ts';
import { files } from '../files.ts';
import { listenForInterruption } from '../interruption.ts';
import { exitCodes, isLive, lineWidth, printNote, printProblem, type Terminal } from '../terminal.ts';
import { describeReport } from './differences-text.ts';

/** What was typed, word for word. */
export interface DifferencesOptions {
  readonly runtime?: string | undefined;
  readonly quick?: true | undefined;
  readonly python?: string | undefined;
  readonly explain?: true | undefined;
  readonly json?: string | undefined;
  readonly quiet?: true | undefined;
}

/** Workers start and end within tens of milliseconds. */
const samplerEveryMs = 50;

/** Measures the table of threads against processes, and prints it. Answers the exit code. */
export async function differences(
  options: DifferencesOptions,
  terminal: Terminal,
  version: string,
): Promise<number> {
  const checked = await checkOptions(options);
  if (!checked.ok) {
    printProblem(terminal, checked.problem);
    return exitCodes.badInput;
  }
  const interruption = listenForInterruption();
  const clock = createSessionClock();
  const machine = await describeMachine();
  const sampler = createSamplerWorker({
    workerFile: files.samplerWorker,
    clockOrigin: { originNs: clock.originNs, startedUnixMs: clock.startedUnixMs },
    everyMs: samplerEveryMs,
    // As often as progress is drawn; a limit of memory is enforced this much later.
    holdMs: 250,
  });
  const progress = createProgress(terminal, options.quiet === true);
  try {
    const outcome = await measureDifferences(
      { ...usualPlan(options.quick === true ? 'quick' : 'whole', usableCores()), runtimes: checked.value },
      {
        clock,
        sampler,
        machine,
        version,
        hostFiles: files.host,
        probesFolder: files.probes,
        findInterpreter: (runtime) => (runtime === 'node' ? findNode() : findPython(options.python ?? null)),
      },
      { onProgress: progress.show, signal: interruption.signal },
    );
    progress.end();
    if (outcome.state === 'cancelled') {
      terminal.err.write('corescope: cancelled; nothing was written.\n');
      return interruption.exitCode();
    }
    const { report } = outcome;
    const json = differencesToJson(report);
    if (options.json === '-') {
      terminal.out.write(json);
    } else {
      const layout = { width: lineWidth(terminal.out), explain: options.explain === true };
      terminal.out.write(describeReport(report, layout, terminal.outColours));
    }
    if (options.json !== undefined && options.json !== '-') {
      const written = await writeFileSafely(options.json, json);
      if (!written.ok) {
        printProblem(terminal, written.problem);
        return exitCodes.badInput;
      }
      if (options.quiet !== true) printNote(terminal, `Wrote ${options.json}`);
    }
    return report.runtimes.some(({ state }) => state === 'measured')
      ? exitCodes.success
      : exitCodes.failedRun;
  } finally {
    progress.end();
    await sampler.stop();
    interruption.stopListening();
  }
}

async function checkOptions(options: DifferencesOptions): Promise<Result<readonly CatalogueRuntime[]>> {
  if (options.json !== undefined && options.json !== '-') {
    const writable = await checkWritable(options.json);
    if (!writable.ok) return writable;
  }
  if (options.runtime === undefined) return succeed(catalogueRuntimes);
  const runtime = catalogueRuntimes.find((known) => known === options.runtime);
  if (runtime !== undefined) return succeed([runtime]);
  return fail(
    'unknown-runtime',
    `--runtime is "${options.runtime}", but must be ${catalogueRuntimes.join(' or ')}.`,
    'Leave it out to measure both.',
  );
}

function createProgress(
  terminal: Terminal,
  quiet: boolean,
): { readonly show: (progress: DifferencesProgress) => void; readonly end: () => void } {
  if (quiet) return { show: () => undefined, end: () => undefined };
  const live = isLive(terminal.err) ? createLogUpdate(terminal.err) : null;
  let last = '';
  return {
    show({ runtime, title, doneShare, remainingMs }) {
      const name = `${runtimeNames[runtime]} · ${title}`;
      if (live !== null)
        live(
          terminal.errColours.cyan(
            `${Math.round(doneShare * 100)} % · ${name} · ${formatExpectedDuration(remainingMs)} left`,
          ),
        );
      else if (name !== last) printNote(terminal, name);
      last = name;
    },
    end() {
      live?.clear();
      live?.done();
    },
  };
}
