import { type SessionMs } from '../../shared/units.ts';
import { createLibraryReader } from './library-reader.ts';
import { createNativeReader } from './linux/reader.ts';
import { type SystemReader } from './system-reader.ts';

export interface SystemReaderOptions {
  /** The sampler's clock. */
  readonly nowMs: () => SessionMs;
  readonly platform?: NodeJS.Platform;
  /** `own`, the default, is our own reader where there is one; `portable` are the libraries, on Linux too. */
  readonly kind?: 'own' | 'portable';
}

export function createSystemReader(options: SystemReaderOptions): SystemReader {
  const { nowMs, platform = process.platform, kind = 'own' } = options;
  return platform === 'linux' && kind === 'own'
    ? createNativeReader({ nowMs })
    : createLibraryReader(platform, nowMs);
}
