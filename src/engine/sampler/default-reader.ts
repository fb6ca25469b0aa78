import type { SessionMs } from '../../shared/units.ts';
import { createLibraryReader } from './library-reader.ts';
import type { GlancesAheadOptions } from './linux/glances-ahead.ts';
import type { NativeLibrary } from './linux/native-library.ts';
import { createNativeReader } from './linux/reader.ts';
import type { SystemReader } from './system-reader.ts';

export interface SystemReaderOptions {
  /** The sampler's clock. */
  readonly nowMs: () => SessionMs;
  readonly platform?: NodeJS.Platform;
  /** `own`, the default, is our own reader where there is one; `portable` are the libraries, on Linux too. */
  readonly kind?: 'own' | 'portable';
  /** For our own, where the native library is there. */
  readonly readStat?: NativeLibrary['readStat'] | null;
  /** For our own, in a thread that may block. */
  readonly glancesAhead?: GlancesAheadOptions;
}

export function createSystemReader(options: SystemReaderOptions): SystemReader {
  const { nowMs, platform = process.platform, kind = 'own', readStat = null, glancesAhead } = options;
  return platform === 'linux' && kind === 'own'
    ? createNativeReader({ nowMs, readStat, ...(glancesAhead === undefined ? {} : { glancesAhead }) })
    : createLibraryReader(platform, nowMs);
}
