import { openRecording, type Recording } from '../engine/recording/open-recording.ts';
import type { Problem, Result } from '../shared/result.ts';
import { findRecording } from './recordings/find-recording.ts';
import { exitCodes, printNote, printProblem, type Terminal } from './terminal.ts';

/**
 * Opens the recordings (paths, or what `findRecording` understands), does something with them and closes them. Answers what `use` answers, or bad input where one
 * cannot be opened. What is missing in them is told at the end, for reading can find more of it: damage makes a
 * success a failure, and a recording that was only never closed does not.
 */
export async function withRecordings(
  paths: readonly string[],
  terminal: Terminal,
  use: (recordings: readonly Recording[]) => Promise<number> | number,
): Promise<number> {
  const recordings: Recording[] = [];
  try {
    for (const path of paths) {
      const found = findRecording(path);
      const opened: Result<Recording> = found.ok ? openRecording(found.value) : found;
      if (!opened.ok) {
        printProblem(terminal, opened.problem);
        return exitCodes.badInput;
      }
      recordings.push(opened.value);
    }
    const exitCode = await use(recordings);
    const damages = recordings.flatMap((recording) => tell(recording.problems(), terminal));
    return exitCode === exitCodes.success && damages.length > 0 ? exitCodes.failedRun : exitCode;
  } finally {
    for (const recording of recordings) recording.close();
  }
}

/** Problems that fit on a screen; a file with thousands of them is one damaged file. */
const mostTold = 10;

function tell(problems: readonly Problem[], terminal: Terminal): readonly Problem[] {
  const damages = problems.filter(({ kind }) => kind !== 'recording-unfinished');
  for (const { kind, message } of problems) {
    if (kind === 'recording-unfinished') printNote(terminal, message);
  }
  for (const problem of damages.slice(0, mostTold)) printProblem(terminal, problem);
  if (damages.length > mostTold) printNote(terminal, `… and ${damages.length - mostTold} more.`);
  return damages;
}

/** Control characters made visible: names in a recording come from anybody, and could write to the terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
}
