import type { SessionMs } from '../../../shared/units.ts';
import type { HeldFile, HeldFiles } from './held-files.ts';
import { parseNumberAt } from './proc-bytes.ts';

/** Clocks of cores, each read anew once in `everyMs`. */
export interface Frequencies {
  /** Writes what is known; what is not is left as it is. Cores beyond those that are online are left out. */
  writeMhz(coreMhz: Float64Array, atMs: SessionMs): void;
  close(): void;
}

/** Faster would tell more of a figure that nobody reads off at 10 Hz, and wakes the driver of every core. */
const everyMs = 5000;
/** Of one tick. A core is begun while less was spent, so one that is slow takes more, once. */
const budgetMs = 1;
/**
 * Some kernels wait for a measurement, 20 ms for each core (libuv issue 4098): a core that takes so long is not
 * asked again, since every tick would be late by it.
 */
const tooSlowMs = 5;

interface Clock {
  /** Null after it was too slow, or was not there. */
  file: HeldFile | null;
  dueAtMs: SessionMs;
  mhz: number;
}

export function createFrequencies(files: HeldFiles, nowMs: () => SessionMs): Frequencies {
  const clocks: Clock[] = [];
  let next = 0;

  function read(clock: Clock, startMs: SessionMs): void {
    const { file } = clock;
    if (file === null) return;
    const length = files.read(file);
    clock.mhz = length < 0 ? Number.NaN : parseNumberAt(files.bytes, length, 0) / 1000;
    if (length < 0 || nowMs() - startMs > tooSlowMs) {
      files.close(file);
      clock.file = null;
      clock.mhz = Number.NaN;
    }
  }

  return {
    writeMhz(coreMhz, atMs) {
      while (clocks.length < coreMhz.length) {
        const path = `/sys/devices/system/cpu/cpu${clocks.length}/cpufreq/scaling_cur_freq`;
        clocks.push({ file: files.create(path), dueAtMs: atMs, mhz: Number.NaN });
      }
      const startMs = nowMs();
      for (let count = 0; count < clocks.length; count += 1) {
        const beforeMs = count === 0 ? startMs : nowMs();
        if (beforeMs - startMs >= budgetMs) break;
        const clock = clocks[next % clocks.length];
        // They fall due in turns: where the next one is not due, none behind it is.
        if (clock === undefined || clock.dueAtMs > atMs) break;
        clock.dueAtMs = atMs + everyMs;
        read(clock, beforeMs);
        next = (next + 1) % clocks.length;
      }
      for (let core = 0; core < coreMhz.length; core += 1) coreMhz[core] = clocks[core]?.mhz ?? Number.NaN;
    },
    close() {
      for (const { file } of clocks) if (file !== null) files.close(file);
    },
  };
}
