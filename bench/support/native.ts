import { join } from 'node:path';
import {
  loadNativeLibrary,
  type NativeLibrary,
  nativeLibraryOf,
} from '../../src/engine/sampler/linux/native-library.ts';
import type { Result } from '../../src/shared/result.ts';

/** The one that `bench:build` makes, which the sampler's worker in the benches uses. */
export function loadBuiltNative(): Result<NativeLibrary> {
  return loadNativeLibrary(nativeLibraryOf(join(import.meta.dirname, 'sampler-worker.js')));
}
