import type { Chunk, ExportSource, RecordingFormat } from './recording-export.ts';
import { timelineOf, type TimelineItem, type Track } from './timeline.ts';

/** The older JSON trace-event format, which more viewers read: Chrome's, Perfetto's, speedscope's, Spall. */
export const traceEventFormat: RecordingFormat = {
  extension: '.trace.json',
  description: 'JSON trace events (Chrome, Perfetto and others): the same, larger and rounder',
  *write(source): Generator<Chunk> {
    const { title, manifest } = source;
    const otherData = { title, startedUnixMs: manifest?.startedUnixMs ?? null };
    yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":[\n`;
    yield JSON.stringify({ ph: 'M', name: 'process_name', pid: machinePid, args: { name: 'Machine' } });
    for (const event of eventsOf(source)) yield `,\n${JSON.stringify(event)}`;
    yield '\n]}\n';
  },
};

/** Where cores and phases are put: a trace event has to be of a process, and 0 is nobody's. */
const machinePid = 0;

function* eventsOf(source: ExportSource): Generator<object> {
  for (const item of timelineOf(source)) {
    const event = eventOf(item);
    if (event !== null) yield event;
  }
}

function eventOf(item: TimelineItem): object | null {
  switch (item.type) {
    case 'track':
      return metadataOf(item);
    case 'value': {
      const { track, atMs, value } = item;
      return {
        ph: 'C',
        name: track.name,
        ...placeOf(track),
        ts: atMs * 1000,
        args: { [unitOf(track)]: value },
      };
    }
    case 'span': {
      const { name, kind, fromMs, toMs, details } = item.phase;
      const dur = Math.max(0, toMs - fromMs) * 1000;
      return { ph: 'X', name, cat: kind, ...placeOf(item.track), ts: fromMs * 1000, dur, args: details };
    }
    case 'moment': {
      const { name, kind, atMs, details } = item.moment;
      return { ph: 'i', s: 'g', name, cat: kind, ...placeOf(item.track), ts: atMs * 1000, args: details };
    }
  }
}

function metadataOf(track: Track): object | null {
  const { content, name } = track;
  if (content.kind === 'process') return { ph: 'M', name: 'process_name', ...placeOf(track), args: { name } };
  if (content.kind === 'thread' || content.kind === 'spans') {
    return { ph: 'M', name: 'thread_name', ...placeOf(track), args: { name } };
  }
  return null;
}

/** Counters are of a process as a whole, spans of a thread: the number of the track, where there is no thread. */
function placeOf(track: Track): { pid: number; tid?: number } {
  const { content, parent } = track;
  if (content.kind === 'process') return { pid: content.entity.pid };
  if (content.kind === 'thread') return { pid: content.pid, tid: content.tid };
  if (content.kind === 'spans') return { pid: machinePid, tid: track.id };
  return { pid: parent === null ? machinePid : placeOf(parent).pid };
}

function unitOf({ content }: Track): string {
  return content.kind === 'counter' ? content.unit : 'value';
}
