import type { Bytes, CpuShare, Milliseconds, SessionMs, UnixMs } from '../../src/shared/units.ts';

/**
 * Type tests: this file only has to compile. Each `@ts-expect-error` is an assertion, for the compiler fails where
 * the next line has no error.
 */

declare const atMs: SessionMs;
declare const startedUnixMs: UnixMs;
declare const everyMs: Milliseconds;
declare const rssBytes: Bytes;
declare const cpuShare: CpuShare;
declare function showDate(unixMs: UnixMs): void;
declare function seek(sessionMs: SessionMs): void;
declare function wait(milliseconds: Milliseconds): void;

// A plain number may become any quantity, and a quantity is a number to calculate with.
seek(1200);
wait(atMs - 200);
showDate(startedUnixMs + atMs);

// @ts-expect-error a session time is not a wall-clock time
showDate(atMs);
// @ts-expect-error a wall-clock time is not a session time
seek(startedUnixMs);
// @ts-expect-error a point in the session is not a length of time
wait(atMs);
// @ts-expect-error a length of time is not a point in the session
seek(everyMs);
// @ts-expect-error memory is not time
wait(rssBytes);
// @ts-expect-error a share of a core is not an amount of memory
showBytes(cpuShare);
// @ts-expect-error text is not a quantity
seek('1200');

declare function showBytes(bytes: Bytes): void;
showBytes(rssBytes);
