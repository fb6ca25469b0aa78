import { existsSync } from 'node:fs';
import { nameWork } from '../engine/export/work-name.ts';
import { checkWritable } from '../engine/export/write-file.ts';
import { readGovernor, type ManifestFacts } from '../engine/recording/manifest.ts';
import { nameRecording, prepareFolder, recordingsFolder } from '../engine/recording/places.ts';
import { recordSession, type SessionOptions, type SessionRecording } from '../engine/recording/session.ts';
import type { ExperimentPlan } from '../shared/experiment.ts';
import { formatBytes } from '../shared/format.ts';
import { fail, type Result } from '../shared/result.ts';
import type { RecordWishes } from './record-options.ts';
import { readBudget } from './recordings/budget.ts';
import { printNote, printProblem, type Terminal } from './terminal.ts';

/** Whether a recording could be begun there, asked before anything is run. A recording is never written over. */
export async function checkRecordingPath(path: string): Promise<Result<string>> {
  if (existsSync(path)) {
    return fail('recording-exists', `${path} exists already.`, 'Choose another path, or remove it first.');
  }
  return await checkWritable(path);
}

/** A recording of what a command watches; where there is none, all calls are for nothing. */
export type CommandRecording = Pick<SessionRecording, 'addEvent' | 'addOutput' | 'addMarker' | 'describe'> & {
  end(quiet: boolean): void;
  /** Ends it and leaves no file: of what was never seen nothing is kept. */
  discard(): void;
};

/**
 * Records what a command watches. Where that fails, at the beginning or later, it is told on stderr and the command
 * goes on without.
 */
export function beginRecording(
  wishes: RecordWishes,
  facts: Omit<ManifestFacts, 'commandLinePrivacy'>,
  tools: Pick<SessionOptions, 'sampler' | 'clock'>,
  terminal: Terminal,
): CommandRecording {
  const path = pathFor(wishes, facts, terminal);
  const begun =
    path === null
      ? null
      : recordSession({
          path,
          facts: {
            governor: readGovernor(),
            versions: { node: process.versions.node, v8: process.versions.v8 },
            ...facts,
            commandLinePrivacy: wishes.commandLinePrivacy,
          },
          ...tools,
          ...(wishes.markerPattern === null ? {} : { markerPattern: wishes.markerPattern }),
          onProblem: (problem) => {
            printProblem(terminal, problem);
          },
        });
  if (begun?.ok === false) {
    printProblem(terminal, begun.problem);
    printNote(terminal, 'It goes on without a recording.');
  }
  let recording = begun?.ok === true ? begun.value : null;
  return {
    addEvent: (event) => recording?.addEvent(event),
    addOutput: (text, atMs) => recording?.addOutput(text, atMs),
    addMarker: (marker, place) => recording?.addMarker(marker, place),
    describe: (described) => recording?.describe(described),
    discard: () => {
      recording?.discard();
      recording = null;
    },
    end: (quiet) => {
      if (recording === null) return;
      const wasWell = recording.problem() === null;
      const ended = recording.end();
      // What ended it early has been told already.
      if (!ended.ok && wasWell) printProblem(terminal, ended.problem);
      if (ended.ok && !quiet) {
        const { frames, ownCpuShare, ownRssBytes } = ended.value;
        printNote(
          terminal,
          `Recorded ${recording.path}: ${frames} samples; the sampler took ${ownCpuShare === null ? 'n/a' : ownCpuShare.toFixed(3)} cores and ${formatBytes(ownRssBytes)}`,
        );
      }
    },
  };
}

/** Null where nothing is to be recorded, or the folder of the recordings cannot be made. */
function pathFor(
  { place }: RecordWishes,
  { title, startedUnixMs }: ManifestFacts,
  terminal: Terminal,
): string | null {
  if (place.kind === 'none') return null;
  if (place.kind === 'file') return place.path;
  const folder = recordingsFolder();
  const budget = readBudget();
  if (!budget.ok) printProblem(terminal, budget.problem);
  // A budget that cannot be read must not remove anything.
  const prepared = prepareFolder(folder, budget.ok ? budget.value : Number.POSITIVE_INFINITY);
  if (!prepared.ok) {
    printProblem(terminal, prepared.problem);
    printNote(terminal, 'It goes on without a recording; leave it out with --no-record.');
    return null;
  }
  const { removed, problems } = prepared.value;
  if (removed.length > 0) {
    const what =
      removed.length === 1 ? 'The oldest recording was' : `The ${removed.length} oldest recordings were`;
    printNote(terminal, `${what} removed, for the disk budget; keep one with: corescope recordings pin`);
  }
  for (const problem of problems) printProblem(terminal, problem);
  return nameRecording(folder, title, startedUnixMs);
}

/** What is run, as a title: `count-loop: threads × 4`, `make -j4: copies`. */
export function titleOf({ workload, strategies, workerCounts }: ExperimentPlan): string {
  const workers = Math.max(...workerCounts);
  const how =
    strategies.length === 1 && workers > 1 ? `${strategies.join()} × ${workers}` : strategies.join(', ');
  return `${nameWork(workload)}: ${how}`;
}
