import os from 'node:os';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import type { Milliseconds } from '../../../shared/units.ts';
import { loadKoffi } from './c-library.ts';
import { type ReadText, readText } from './text-file.ts';

/** Linux's number for CLOCK_MONOTONIC_COARSE, which moves with the tick (clock_getres(2)). */
const monotonicCoarse = 6;

/** What the resolution of the coarse clock is; null where the C library cannot be asked. */
function readCoarseResolutionMs(): Milliseconds | null {
  try {
    const getResolution: unknown = loadKoffi()
      .load(null)
      .func('int clock_getres(int clock, _Out_ void *time)');
    if (typeof getResolution !== 'function') return null;
    const time = new BigInt64Array(2);
    const call = getResolution as (clock: number, time: BigInt64Array) => number;
    if (call(monotonicCoarse, time) !== 0) return null;
    return Number(time[0]) * 1000 + Number(time[1]) / 1e6;
  } catch {
    return null;
  }
}

function readPackedConfig(): string | null {
  try {
    return gunzipSync(readFileSync('/proc/config.gz')).toString('utf8');
  } catch {
    return null;
  }
}

/** From `CONFIG_HZ=250`; null where the text has no such line. Pure. */
export function parseTickMs(config: string): Milliseconds | null {
  const hertz = Number(/^CONFIG_HZ=(\d+)$/m.exec(config)?.[1]);
  return hertz > 0 ? 1000 / hertz : null;
}

/** A tick is between 1 and 100 ms on every kernel; anything else is a clock that is not the kernel's. */
function isPlausible(tickMs: Milliseconds | null): tickMs is Milliseconds {
  return tickMs !== null && tickMs >= 0.5 && tickMs <= 100;
}

/** Time between two ticks of the kernel's clock, by which running tasks are credited; null where it is not told. */
export function readKernelTickMs(
  sources: { readonly resolutionMs?: () => Milliseconds | null; readonly read?: ReadText } = {},
): Milliseconds | null {
  const { resolutionMs = readCoarseResolutionMs, read = readText } = sources;
  const wideWords = ['x64', 'arm64', 'ppc64', 'riscv64', 'loong64', 's390x'].includes(process.arch);
  const asked = wideWords ? resolutionMs() : null;
  if (isPlausible(asked)) return asked;
  const written =
    parseTickMs(read(`/boot/config-${os.release()}`) ?? '') ?? parseTickMs(readPackedConfig() ?? '');
  return isPlausible(written) ? written : null;
}
