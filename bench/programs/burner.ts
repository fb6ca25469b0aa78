import { writeSync } from 'node:fs';
import { performanceOriginMs } from '../support/monotonic.ts';
import { spinUntil } from '../support/spin.ts';

/**
 * `DUTY PERIOD_MS SECONDS|0`: uses DUTY of a core in periods of PERIOD_MS, without drift. With 0 it burns for ever;
 * otherwise it says `ready` after warming up, and at the end prints its busy intervals on the monotonic clock as
 * one flat list of begins and ends. Duty 1 never sleeps, and its intervals are cut where it was off the CPU.
 */

/** Longer than a garbage collection here (0.07 ms), shorter than most of what takes the CPU away. */
const gapMs = 0.1;
const warmUpMs = 400;

const [duty = Number.NaN, periodMs = Number.NaN, seconds = Number.NaN] = process.argv.slice(2).map(Number);
const forEver = seconds === 0;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const busy = new Float64Array(forEver ? 0 : 200_000);
let length = 0;

function note(fromMs: number, toMs: number): void {
  busy[length++] = fromMs;
  busy[length++] = toMs;
}

function burn(untilMs: number, startMs: number, keep: boolean): void {
  let fromMs = startMs;
  spinUntil(untilMs, gapMs, (gapFromMs, gapToMs) => {
    if (keep) note(fromMs, gapFromMs);
    fromMs = gapToMs;
  });
  if (keep) note(fromMs, performance.now());
}

function run(lengthMs: number, keep: boolean): void {
  const beginMs = performance.now();
  const endMs = beginMs + lengthMs;
  if (duty >= 1) {
    burn(endMs, beginMs, keep);
    return;
  }
  for (let periods = 0; performance.now() < endMs;) {
    const wakeMs = performance.now();
    // The end of work is set by the period and not by the wake-up, so lateness shortens the work and is not lost.
    burn(beginMs + (periods + duty) * periodMs, wakeMs, keep);
    const afterMs = performance.now();
    periods = Math.max(periods + 1, Math.floor((afterMs - beginMs) / periodMs));
    Atomics.wait(sleeper, 0, 0, beginMs + periods * periodMs - afterMs);
  }
}

if (forEver) {
  run(Number.POSITIVE_INFINITY, false);
} else {
  run(warmUpMs, false);
  writeSync(1, 'ready\n');
  run(seconds * 1000, true);
  const originMs = performanceOriginMs();
  const text = JSON.stringify(
    [...busy.subarray(0, length)].map((atMs) => Number((atMs + originMs).toFixed(4))),
  );
  process.stdout.write(`${text}\n`);
  // Stays, asleep, until it is stopped: its counters are still to be read.
  setInterval(() => undefined, 1e9);
}
