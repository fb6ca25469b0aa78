import {
  createNativeReader,
  type NativeReader,
  type NativeReaderOptions,
} from '../../../../../src/engine/sampler/linux/reader.ts';
import type { FakeProc } from './fake-proc.ts';

/** The real reader on a drawn /proc, as on a machine where all of it can be had. */
export function readerOf(proc: FakeProc, options: NativeReaderOptions): NativeReader {
  return createNativeReader({
    cpuClock: { readNs: proc.readNs },
    bootMs: null,
    pageBytes: 4096,
    calls: proc.calls,
    hasChildrenFiles: true,
    counters: { hasSched: false, countOpenFiles: () => 3 },
    ...options,
  });
}
