import type { Readable, Writable } from 'node:stream';

/**
 * A way for many sources into one target. A source is not read while the target is full: who writes faster than the
 * target is read waits, as it would at a pipe, and nothing piles up here.
 */
export function createOutlet(target: Writable): (source: Readable) => void {
  const waiting = new Set<Readable>();
  target.on('drain', () => {
    for (const source of waiting) source.resume();
    waiting.clear();
  });
  return (source) => {
    source.on('data', (chunk: Buffer) => {
      if (target.write(chunk)) return;
      waiting.add(source);
      source.pause();
    });
  };
}
