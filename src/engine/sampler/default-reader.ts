import { type SessionMs } from '../../shared/units.ts';
import { createLibraryReader } from './library-reader.ts';
import { createNativeReader } from './linux/reader.ts';
import { type SystemReader } from './system-reader.ts';

/** Our own reader where there is one, and the portable libraries elsewhere. `nowMs`: the sampler's clock. */
export function createSystemReader(options: {
  readonly nowMs: () => SessionMs;
  readonly platform?: NodeJS.Platform;
}): SystemReader {
  const { nowMs, platform = process.platform } = options;
  return platform === 'linux' ? createNativeReader({ nowMs }) : createLibraryReader(platform, nowMs);
}
