import { recordingExtension } from '../../shared/recording.ts';

/** Files that were dropped, chosen or handed over together. */
export interface GivenFiles {
  /** To be opened; several are compared with one another. */
  readonly recordings: readonly string[];
  /** The one that is taken as work to compare, or refused by its name; null: there is none. */
  readonly work: string | null;
  /** Not taken: work is compared one file at a time. */
  readonly leftOut: readonly string[];
}

export function sortFiles(paths: readonly string[]): GivenFiles {
  const recordings = paths.filter((path) => isRecording(path));
  const [work = null, ...leftOut] = paths.filter((path) => !isRecording(path));
  return { recordings, work, leftOut };
}

function isRecording(path: string): boolean {
  return path.toLowerCase().endsWith(recordingExtension);
}
