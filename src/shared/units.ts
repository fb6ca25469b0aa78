/**
 * Quantities that are easily mixed up carry their unit in the type as well as in the name.
 *
 * These are flavours rather than closed brands: a plain number may become any of them, so arithmetic needs no
 * ceremony, but one quantity may not become another (a session time passed as a wall-clock time does not compile;
 * tests/types/units.ts holds the proof).
 */
declare const unit: unique symbol;
type Quantity<Unit extends string> = number & { readonly [unit]?: Unit };

/** A length of time in milliseconds. */
export type Milliseconds = Quantity<'ms'>;

/** Monotonic milliseconds since the session began: the one clock of frames, run events and screen. */
export type SessionMs = Quantity<'session-ms'>;

/** Wall-clock milliseconds since 1970-01-01 UTC. Shown to people, never subtracted. */
export type UnixMs = Quantity<'unix-ms'>;

export type Bytes = Quantity<'bytes'>;

/** CPU in cores: 1.0 is one core fully busy. Sums are meaningful and may exceed 1. */
export type CpuShare = Quantity<'cpu-share'>;
