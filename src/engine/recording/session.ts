import type { ExperimentEvent } from '../../shared/experiment-event.ts';
import type { Marker, RecordingManifest, RecordingSummary } from '../../shared/recording.ts';
import { succeed, type Problem, type Result } from '../../shared/result.ts';
import type { SamplerMessage } from '../../shared/sample.ts';
import type { SessionMs } from '../../shared/units.ts';
import { removeRecording } from './library.ts';
import { parseMarkerLine, type MarkerPattern } from './markers.ts';
import { createRecorder, type LaterFacts, type Recorder, type RecorderOptions } from './recorder.ts';

export interface SessionOptions extends Omit<RecorderOptions, 'onProblem'> {
  readonly sampler: { subscribe(listener: (message: SamplerMessage) => void): () => void };
  /** A second source of markers beside the protocol: lines of stdout that match. */
  readonly markerPattern?: MarkerPattern;
  /** Called with every marker as it is recorded, wherever it came from. */
  readonly onMarker?: (marker: Marker, atMs: SessionMs) => void;
  /** Called at most once: the recording has ended before its time. What is recorded goes on without it. */
  readonly onProblem?: (problem: Problem) => void;
}

/** A run, an experiment or a watch session that is being recorded. No call of it throws or blocks what it watches. */
export interface SessionRecording {
  readonly path: string;
  readonly manifest: RecordingManifest;
  /** Why it ended early; null while all is well. */
  problem(): Problem | null;
  /** Everything that a run tells. Its stdout is searched for markers; interpreter and plan go into the manifest. */
  addEvent(event: ExperimentEvent): void;
  /** What a watched program wrote to stdout, in pieces as they came, where no run tells it. */
  addOutput(text: string, atMs: SessionMs): void;
  addMarker: Recorder['addMarker'];
  addNote: Recorder['addNote'];
  describe(facts: LaterFacts): void;
  /** Closes the file. Fails with the problem that ended it where there was one. */
  end(): Result<RecordingSummary>;
  /** Closes the file and removes it: of what was never seen nothing is kept. */
  discard(): void;
}

/** Begins a recording that hears the sampler itself. Fails where the file cannot be made. */
export function recordSession(options: SessionOptions): Result<SessionRecording> {
  let problem: Problem | null = null;
  let ended: Result<RecordingSummary> | null = null;
  const created = createRecorder({
    ...options,
    onProblem: (found) => {
      // A full disk does not get emptier by our trying: the recording ends with what is on the disk.
      problem ??= found;
    },
  });
  if (!created.ok) return created;
  const recorder = created.value;
  const lines = new Map<string, string>();

  const unsubscribe = options.sampler.subscribe((message) => {
    attempt(() => {
      if (message.type === 'topology') {
        recorder.describe({ quotaCores: message.topology.usable.quotaCores });
      }
      recorder.receive(message);
    });
  });

  function close(): Result<RecordingSummary> {
    if (ended !== null) return ended;
    unsubscribe();
    const closed = recorder.close();
    // The first one is the cause; that closing failed as well only follows from it.
    ended = problem === null ? closed : { ok: false, problem };
    return ended;
  }

  function attempt(step: () => void): void {
    if (ended !== null) return;
    step();
    if (problem === null) return;
    close();
    options.onProblem?.(problem);
  }

  const addMarker: Recorder['addMarker'] = (marker, place) => {
    recorder.addMarker(marker, place);
    if (place?.atMs !== undefined) options.onMarker?.(marker, place.atMs);
  };

  function findMarkers(source: string, text: string, atMs: SessionMs): void {
    const pieces = ((lines.get(source) ?? '') + text).split('\n');
    // What is longer than any marker is only remembered as being there.
    lines.set(source, (pieces.pop() ?? '').slice(0, mostOfALine));
    for (const line of pieces) {
      const marker = parseMarkerLine(line);
      if (marker !== null) {
        addMarker(marker, { atMs, source: 'protocol' });
        continue;
      }
      const matched = options.markerPattern?.(line.trimEnd()) ?? null;
      if (matched !== null) addMarker(matched, { atMs, source: 'pattern' });
    }
  }

  return succeed({
    path: recorder.path,
    get manifest() {
      return recorder.manifest;
    },
    problem: () => problem,
    addEvent: (event) => {
      attempt(() => {
        if (event.type === 'mark') {
          const { name, values, worker } = event.mark;
          const marker: Marker = { kind: 'marker', name, values: { ...values, ...workerOf(worker) } };
          addMarker(marker, { atMs: event.atMs, source: 'performance-mark' });
          return;
        }
        recorder.addEvent(event);
        const facts = factsOf(event);
        if (facts !== null) recorder.describe(facts);
        if (event.type === 'output' && event.stream === 'stdout') {
          findMarkers(`run ${event.order}`, event.text, event.atMs);
        }
      });
    },
    addOutput: (text, atMs) => {
      attempt(() => {
        findMarkers('program', text, atMs);
      });
    },
    addMarker: (marker, place) => {
      attempt(() => {
        addMarker(marker, place);
      });
    },
    addNote: (text, atMs) => {
      attempt(() => {
        recorder.addNote(text, atMs);
      });
    },
    describe: (facts) => {
      attempt(() => {
        recorder.describe(facts);
      });
    },
    end: close,
    discard: () => {
      close();
      removeRecording(recorder.path, { evenPinned: true });
    },
  });
}

/** One more than the longest line that can hold a marker, so that a longer one is still too long when it is whole. */
const mostOfALine = 4097;

/** Counted from 1, as the worker's name does. */
function workerOf(worker: number | null): Record<string, string> {
  return worker === null ? {} : { worker: String(worker + 1) };
}

/** What an event tells that the manifest has a place for. */
function factsOf(event: ExperimentEvent): LaterFacts | null {
  switch (event.type) {
    case 'planned': {
      const { workload, strategies, seed } = event.plan;
      // A worker count that all runs share; of a matrix, the runs themselves tell.
      const counts = new Set(event.runs.filter(({ workers }) => workers > 1).map(({ workers }) => workers));
      const [workers] = counts;
      return {
        workload: workload.id,
        strategy: strategies.join(', '),
        workers: counts.size === 1 ? (workers ?? null) : null,
        seed,
      };
    }
    case 'host-ready':
      return { interpreter: event.interpreter };
    default:
      return null;
  }
}
