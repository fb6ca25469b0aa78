import { existsSync } from 'node:fs';
import { checkWritable } from '../engine/export/write-file.ts';
import { readGovernor, type ManifestFacts } from '../engine/recording/manifest.ts';
import { recordSession, type SessionOptions, type SessionRecording } from '../engine/recording/session.ts';
import { fail, type Result } from '../shared/result.ts';
import { formatBytes } from '../shared/format.ts';
import { printNote, printProblem, type Terminal } from './terminal.ts';

/** Whether a recording could be begun there, asked before anything is run. A recording is never written over. */
export async function checkRecordingPath(path: string): Promise<Result<string>> {
  if (existsSync(path)) {
    return fail('recording-exists', `${path} exists already.`, 'Choose another path, or remove it first.');
  }
  return await checkWritable(path);
}

/**
 * Records what a command watches. Where that fails, at the beginning or later, it is told on stderr and the command
 * goes on without. `null` as a path: nothing is recorded, and all calls are for nothing.
 */
export function beginRecording(
  path: string | null,
  facts: ManifestFacts,
  tools: Pick<SessionOptions, 'sampler' | 'clock' | 'markerPattern'>,
  terminal: Terminal,
): Pick<SessionRecording, 'addEvent' | 'addOutput' | 'addMarker' | 'describe'> & {
  end(quiet: boolean): void;
} {
  const begun =
    path === null
      ? null
      : recordSession({
          path,
          facts: {
            governor: readGovernor(),
            versions: { node: process.versions.node, v8: process.versions.v8 },
            ...facts,
          },
          ...tools,
          onProblem: (problem) => {
            printProblem(terminal, problem);
          },
        });
  if (begun !== null && !begun.ok) printProblem(terminal, begun.problem);
  const recording = begun?.ok === true ? begun.value : null;
  return {
    addEvent: (event) => recording?.addEvent(event),
    addOutput: (text, atMs) => recording?.addOutput(text, atMs),
    addMarker: (marker, place) => recording?.addMarker(marker, place),
    describe: (described) => recording?.describe(described),
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
