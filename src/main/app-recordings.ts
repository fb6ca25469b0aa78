import { prepareFolder, nameRecording } from '../engine/recording/places.ts';
import { readGovernor, type ManifestFacts } from '../engine/recording/manifest.ts';
import { recordSession, type SessionOptions, type SessionRecording } from '../engine/recording/session.ts';
import type { ExperimentEvent } from '../shared/experiment-event.ts';
import { movedInTime } from '../shared/frame-codec.ts';
import type { RecordingsEvent } from '../shared/recordings-requests.ts';
import type { SamplerMessage } from '../shared/sample.ts';
import type { SessionMs, UnixMs } from '../shared/units.ts';
import type { RecordingPlace } from './answers/recording-shelf.ts';

/** Something of the app that is being recorded. Whatever happens to the recording, what is recorded goes on. */
export interface AppRecording {
  /** Null where it could not be begun. */
  readonly path: string | null;
  addEvent(event: ExperimentEvent): void;
  /** What a watched program wrote to stdout, now: it is searched for markers. */
  addOutput(text: string): void;
  end(): void;
  /** Ends it and leaves no file: of what was never seen nothing is kept. */
  discard(): void;
}

export interface AppRecordingTools {
  readonly sampler: SessionOptions['sampler'];
  /** The app's clock, which began when the app did. */
  readonly clock: { nowMs(): SessionMs };
  readonly clockStartedUnixMs: UnixMs;
  readonly place: RecordingPlace;
  readonly onEvent: (event: RecordingsEvent) => void;
}

export type AppRecordingFacts = Omit<ManifestFacts, 'startedUnixMs' | 'governor' | 'versions'>;

/**
 * Begins a recording in the app's folder, which is first brought within its budget. A recording has a clock of its
 * own: times of the app's clock are told to it as times since it began.
 */
export function beginAppRecording(facts: AppRecordingFacts, tools: AppRecordingTools): AppRecording {
  const { sampler, clock, clockStartedUnixMs, place, onEvent } = tools;
  const offsetMs = clock.nowMs();
  const startedUnixMs = clockStartedUnixMs + offsetMs;
  const prepared = prepareFolder(place.folder, place.budgetBytes);
  if (!prepared.ok) {
    onEvent({ type: 'failed', problem: prepared.problem });
    return notRecorded;
  }
  const { removed, problems } = prepared.value;
  if (removed.length > 0 || problems.length > 0) onEvent({ type: 'cleaned-up', removed, problems });
  const begun = recordSession({
    path: nameRecording(place.folder, facts.title, startedUnixMs),
    facts: { ...facts, startedUnixMs, governor: readGovernor(), versions: ownVersions() },
    sampler: {
      subscribe: (listener) =>
        sampler.subscribe((message) => {
          listener(moveMessage(message, offsetMs));
        }),
    },
    clock: { nowMs: () => clock.nowMs() - offsetMs },
    onMarker: (marker, atMs) => {
      onEvent({ type: 'marker', marker, atMs: atMs + offsetMs });
    },
    onProblem: (problem) => {
      onEvent({ type: 'failed', problem });
    },
  });
  if (!begun.ok) {
    onEvent({ type: 'failed', problem: begun.problem });
    return notRecorded;
  }
  onEvent({ type: 'began', path: begun.value.path });
  return recordingOf(begun.value, offsetMs, tools);
}

const notRecorded: AppRecording = {
  path: null,
  addEvent: () => undefined,
  addOutput: () => undefined,
  end: () => undefined,
  discard: () => undefined,
};

function recordingOf(
  session: SessionRecording,
  offsetMs: number,
  { clock, onEvent }: AppRecordingTools,
): AppRecording {
  return {
    path: session.path,
    addEvent: (event) => {
      // The only time on the app's clock in an event; all others are lengths.
      session.addEvent({ ...event, atMs: event.atMs - offsetMs });
    },
    addOutput: (text) => {
      session.addOutput(text, clock.nowMs() - offsetMs);
    },
    end: () => {
      const wasWell = session.problem() === null;
      const ended = session.end();
      if (ended.ok) onEvent({ type: 'ended', path: session.path, summary: ended.value });
      // What ended it early has been told already.
      else if (wasWell) onEvent({ type: 'failed', problem: ended.problem });
    },
    discard: () => {
      session.discard();
      onEvent({ type: 'discarded', path: session.path });
    },
  };
}

function moveMessage(message: SamplerMessage, offsetMs: number): SamplerMessage {
  return message.type === 'frame'
    ? { type: 'frame', buffer: movedInTime(message.buffer, offsetMs) }
    : message;
}

function ownVersions(): Record<string, string> {
  return Object.fromEntries(
    ['node', 'v8', 'electron'].flatMap((name) => {
      const version = process.versions[name];
      return version === undefined ? [] : [[name, version]];
    }),
  );
}
