import protobuf from 'protobufjs';

/**
 * What of Perfetto's trace format is written, by its published field numbers (google/perfetto,
 * protos/perfetto/trace: trace_packet, clock_snapshot, track_event/*). A field that is not here is not used.
 */
const definition = `
syntax = "proto2";
package perfetto.protos;
message ProcessDescriptor {
  optional int32 pid = 1;
  repeated string cmdline = 2;
  optional string process_name = 6;
  optional int64 start_timestamp_ns = 7;
}
message ThreadDescriptor {
  optional int32 pid = 1;
  optional int32 tid = 2;
  optional string thread_name = 5;
}
message CounterDescriptor {
  enum Unit { UNIT_UNSPECIFIED = 0; UNIT_TIME_NS = 1; UNIT_COUNT = 2; UNIT_SIZE_BYTES = 3; }
  optional Unit unit = 3;
  optional string unit_name = 6;
}
message TrackDescriptor {
  optional uint64 uuid = 1;
  optional string name = 2;
  optional ProcessDescriptor process = 3;
  optional ThreadDescriptor thread = 4;
  optional uint64 parent_uuid = 5;
  optional CounterDescriptor counter = 8;
}
message DebugAnnotation {
  optional string string_value = 6;
  optional string name = 10;
}
message TrackEvent {
  enum Type { TYPE_UNSPECIFIED = 0; TYPE_SLICE_BEGIN = 1; TYPE_SLICE_END = 2; TYPE_INSTANT = 3; TYPE_COUNTER = 4; }
  repeated DebugAnnotation debug_annotations = 4;
  optional Type type = 9;
  optional uint64 track_uuid = 11;
  repeated string categories = 22;
  optional string name = 23;
  optional int64 counter_value = 30;
  optional double double_counter_value = 44;
}
message ClockSnapshot {
  message Clock {
    optional uint32 clock_id = 1;
    optional uint64 timestamp = 2;
  }
  repeated Clock clocks = 1;
}
message TracePacket {
  optional ClockSnapshot clock_snapshot = 6;
  optional uint64 timestamp = 8;
  optional uint32 trusted_packet_sequence_id = 10;
  optional TrackEvent track_event = 11;
  optional uint32 sequence_flags = 13;
  optional TrackDescriptor track_descriptor = 60;
}
message Trace {
  repeated TracePacket packet = 1;
}
`;

const root = protobuf.parse(definition, { keepCase: true }).root;

export const traceType = root.lookupType('perfetto.protos.Trace');

/** A whole number beyond 2^53, as protobufjs takes it without a library for long ones. */
export interface LongBits {
  readonly low: number;
  readonly high: number;
  readonly unsigned: true;
}

export function longBits(value: bigint): LongBits {
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: true,
  };
}

/** The fields of a packet that are written; names and numbers as above. */
export interface TracePacket {
  readonly clock_snapshot?: {
    readonly clocks: readonly { readonly clock_id: number; readonly timestamp: number | LongBits }[];
  };
  readonly timestamp?: number;
  readonly trusted_packet_sequence_id?: number;
  readonly sequence_flags?: number;
  readonly track_descriptor?: {
    readonly uuid: number;
    readonly name: string;
    readonly parent_uuid?: number;
    readonly process?: {
      readonly pid: number;
      readonly process_name: string;
      readonly cmdline: readonly string[];
      readonly start_timestamp_ns?: number;
    };
    readonly thread?: { readonly pid: number; readonly tid: number; readonly thread_name: string };
    readonly counter?: { readonly unit: number; readonly unit_name?: string };
  };
  readonly track_event?: {
    readonly type: number;
    readonly track_uuid: number;
    readonly name?: string;
    readonly categories?: readonly string[];
    readonly counter_value?: number;
    readonly double_counter_value?: number;
    readonly debug_annotations?: readonly { readonly name: string; readonly string_value: string }[];
  };
}

/** A trace is its packets end to end, so that any number of them can be written at a time. */
export function encodePackets(packet: readonly TracePacket[]): Uint8Array {
  return traceType.encode({ packet }).finish();
}
