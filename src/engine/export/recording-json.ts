import type { SampleFrame } from '../../shared/sample.ts';
import { orNull, type Chunk, type ExportSource, type RecordingFormat } from './recording-export.ts';

/** The whole recording as JSON, nothing left out (docs/exports.md). Numbers that are not known are null. */

export const recordingJsonSchemaId = 'corescope.recording-json/1';

const units = {
  '…Ms': 'milliseconds; atMs since the recording began',
  '…UnixMs': 'milliseconds since 1970-01-01 UTC',
  '…Bytes': 'bytes',
  '…Share': 'cores (1 is one core busy); waitShare: threads; throttledShare: share of the time',
  'core…': 'shares of one core, 0 to 1; coreMhz: MHz',
  state: 'character code of the state as proc(5) has it',
} as const;

/** One object per line, each with a `type`: `recording` first, then topologies, entities, events and frames. */
export const ndjsonFormat: RecordingFormat = {
  extension: '.ndjson',
  description: 'one JSON object per line: description, rows, events, then every sample in full',
  *write(source) {
    for (const part of partsOf(source)) {
      for (const value of part.values) yield `${JSON.stringify({ type: part.type, ...value })}\n`;
    }
  },
};

/** The same as one document. */
export const jsonFormat: RecordingFormat = {
  extension: '.json',
  description: 'the same as one JSON document',
  *write(source) {
    yield `{"schema":${JSON.stringify(recordingJsonSchemaId)},"units":${JSON.stringify(units)}`;
    for (const { type, plural, values } of partsOf(source)) {
      if (type === 'recording') continue;
      yield `,${JSON.stringify(plural)}:`;
      yield* listOf(values);
    }
    const { manifest, span } = source;
    yield `,${JSON.stringify({ manifest, span }).slice(1)}\n`;
  },
};

interface Part {
  readonly type: 'recording' | 'topology' | 'entity' | 'event' | 'frame';
  readonly plural: string;
  readonly values: Iterable<object>;
}

function partsOf(source: ExportSource): readonly Part[] {
  const { manifest, span, recording, entities, events } = source;
  return [
    {
      type: 'recording',
      plural: 'recording',
      values: [{ schema: recordingJsonSchemaId, units, manifest, span }],
    },
    { type: 'topology', plural: 'topologies', values: recording.topologies() },
    { type: 'entity', plural: 'entities', values: entities.values() },
    // An event has a type of its own.
    { type: 'event', plural: 'events', values: events.map((event) => ({ event })) },
    { type: 'frame', plural: 'frames', values: plainFrames(source) },
  ];
}

function* listOf(values: Iterable<object>): Generator<Chunk> {
  let separator = '[';
  for (const value of values) {
    yield separator + JSON.stringify(value);
    separator = ',\n';
  }
  yield separator === '[' ? '[]' : ']';
}

function* plainFrames(source: ExportSource): Generator<object> {
  for (const frame of source.frames()) yield plain(frame);
}

function plain(frame: SampleFrame): object {
  return Object.fromEntries(
    Object.entries(frame).map(([name, value]: [string, number | Float64Array]) => [
      name,
      typeof value === 'number' ? orNull(value) : Array.from(value, orNull),
    ]),
  );
}
