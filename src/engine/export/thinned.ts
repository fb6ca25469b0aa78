import type { SampleFrame } from '../../shared/sample.ts';
import type { ExportSource } from './recording-export.ts';

/**
 * Frames for formats that have to be in memory as a whole: where there are too many, only every nth, so that no more
 * than `mostValues` are held. `every` is what the file then has to say.
 */
export function thinnedFrames(
  source: ExportSource,
  columns: readonly string[],
  valuesPerFrame: number,
  mostValues: number,
): { readonly every: number; readonly frames: Generator<SampleFrame> } {
  const { span, manifest } = source;
  const expected = (span.toMs - span.fromMs) / (manifest?.requestedEveryMs ?? 100) + 1;
  const every = Math.max(1, Math.ceil((expected * Math.max(1, valuesPerFrame)) / mostValues));
  return { every, frames: everyNth(source.frames(columns), every) };
}

function* everyNth(frames: Iterable<SampleFrame>, every: number): Generator<SampleFrame> {
  let index = 0;
  for (const frame of frames) {
    if (index % every === 0) yield frame;
    index += 1;
  }
}
