import type { RecordedEvent } from '../../shared/recording.ts';
import { succeed, type Result } from '../../shared/result.ts';
import { blockType } from './container.ts';
import { encodeJson } from './json-payload.ts';
import { resumeRecording } from './resume-recording.ts';

/** Adds notes and markers to a recording that nobody writes any more: as a block behind the rest, with a new index. */
export function appendEvents(path: string, events: readonly RecordedEvent[]): Result<void> {
  if (events.length === 0) return succeed(undefined);
  const writer = resumeRecording(path);
  if (!writer.ok) return writer;
  const times = events.map(({ atMs }) => atMs);
  const written = writer.value.append({
    type: blockType.events,
    startMs: times.reduce((least, atMs) => Math.min(least, atMs)),
    endMs: times.reduce((most, atMs) => Math.max(most, atMs)),
    payload: encodeJson(events),
  });
  const finished = writer.value.finish();
  return written.ok ? finished : written;
}
