import type { SessionMs } from '../../shared/units.ts';
import type { Chunk, ExportSource, RecordingFormat } from './recording-export.ts';
import { encodePackets, longBits, type TracePacket } from './perfetto-schema.ts';
import { timelineOf, type TimelineItem, type Track } from './timeline.ts';

/** Perfetto's own trace format: https://perfetto.dev/docs/reference/synthetic-track-event. */
export const perfettoFormat: RecordingFormat = {
  extension: '.pftrace',
  description: 'Perfetto trace (ui.perfetto.dev, trace_processor): tracks, counters, phases',
  *write(source) {
    let waiting: TracePacket[] = [clockPacket(source)];
    for (const item of timelineOf(source)) {
      waiting.push(...packetsOf(item));
      if (waiting.length < packetsPerChunk) continue;
      yield encodePackets(waiting) satisfies Chunk;
      waiting = [];
    }
    yield encodePackets(waiting);
  },
};

const packetsPerChunk = 2048;

/** All packets come from one writer. Any number but 0 will do. */
const sequenceId = 1;
/** `SEQ_INCREMENTAL_STATE_CLEARED`: nothing before this packet is needed to read what follows. */
const stateCleared = 1;

const clock = { realtime: 1, boottime: 6 } as const;
const eventType = { sliceBegin: 1, sliceEnd: 2, instant: 3, counter: 4 } as const;
const unit = { unspecified: 0, bytes: 3 } as const;

/** The trace's clock, which is the session's, beside the wall clock. */
function clockPacket({ manifest }: ExportSource): TracePacket {
  const startedNs = BigInt(Math.round((manifest?.startedUnixMs ?? 0) * 1000)) * 1000n;
  return {
    trusted_packet_sequence_id: sequenceId,
    sequence_flags: stateCleared,
    clock_snapshot: {
      clocks: [
        { clock_id: clock.boottime, timestamp: 0 },
        ...(manifest === null ? [] : [{ clock_id: clock.realtime, timestamp: longBits(startedNs) }]),
      ],
    },
  };
}

function packetsOf(item: TimelineItem): TracePacket[] {
  switch (item.type) {
    case 'track':
      return [{ trusted_packet_sequence_id: sequenceId, track_descriptor: descriptorOf(item) }];
    case 'value': {
      const isWhole = item.track.content.kind === 'counter' && item.track.content.unit === 'bytes';
      const value = isWhole
        ? { counter_value: Math.round(item.value) }
        : { double_counter_value: item.value };
      return [event(item.atMs, { type: eventType.counter, track_uuid: item.track.id, ...value })];
    }
    case 'span': {
      const { phase, track } = item;
      const details = phase.ended ? phase.details : { ...phase.details, ended: 'no' };
      return [
        event(phase.fromMs, {
          type: eventType.sliceBegin,
          track_uuid: track.id,
          name: phase.name,
          categories: [phase.kind],
          debug_annotations: annotationsOf(details),
        }),
        event(phase.toMs, { type: eventType.sliceEnd, track_uuid: track.id }),
      ];
    }
    case 'moment': {
      const { kind, name, atMs, details } = item.moment;
      return [
        event(atMs, {
          type: eventType.instant,
          track_uuid: item.track.id,
          name,
          categories: [kind],
          debug_annotations: annotationsOf(details),
        }),
      ];
    }
  }
}

function event(atMs: SessionMs, track_event: NonNullable<TracePacket['track_event']>): TracePacket {
  // A host that was started before the session has a little less than nothing.
  const timestamp = Math.max(0, Math.round(atMs * 1e6));
  return { trusted_packet_sequence_id: sequenceId, timestamp, track_event };
}

function annotationsOf(details: Readonly<Record<string, string>>) {
  return Object.entries(details).map(([name, string_value]) => ({ name, string_value }));
}

function descriptorOf({ id, name, parent, content }: Track): NonNullable<TracePacket['track_descriptor']> {
  const track = { uuid: id, name, ...(parent === null ? {} : { parent_uuid: parent.id }) };
  switch (content.kind) {
    case 'process': {
      const { pid, commandLine } = content.entity;
      return { ...track, process: { pid, process_name: name, cmdline: commandLine.split(' ') } };
    }
    case 'thread':
      return { ...track, thread: { pid: content.pid, tid: content.tid, thread_name: name } };
    case 'counter':
      return {
        ...track,
        counter:
          content.unit === 'bytes'
            ? { unit: unit.bytes }
            : { unit: unit.unspecified, unit_name: content.unit },
      };
    case 'spans':
    case 'group':
      return track;
  }
}
