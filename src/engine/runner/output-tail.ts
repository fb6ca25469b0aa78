import { stripVTControlCharacters } from 'node:util';

/** The end of what a process wrote; memory is bounded however much that was. */
export interface OutputTail {
  push(chunk: Uint8Array): void;
  /** The last bytes as text. A character that the cut goes through becomes U+FFFD. */
  text(): string;
}

export function createOutputTail(maxBytes: number): OutputTail {
  // A ring, so that a flood costs one copy of at most `maxBytes` per chunk and no allocation.
  const ring = new Uint8Array(maxBytes);
  let written = 0;

  return {
    push(chunk) {
      const kept = chunk.subarray(Math.max(0, chunk.length - maxBytes));
      const at = (written + chunk.length - kept.length) % maxBytes;
      const untilWrap = kept.subarray(0, maxBytes - at);
      ring.set(untilWrap, at);
      ring.set(kept.subarray(untilWrap.length), 0);
      written += chunk.length;
    },
    text() {
      if (written <= maxBytes) return new TextDecoder().decode(ring.subarray(0, written));
      const cut = written % maxBytes;
      const decoder = new TextDecoder();
      return decoder.decode(ring.subarray(cut), { stream: true }) + decoder.decode(ring.subarray(0, cut));
    },
  };
}

const shownLines = 4;
const shownCharacters = 500;

/** The last lines of an output on one line, for an error message; empty where there was none. */
export function summarizeOutput(text: string): string {
  const lines = stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const summary = lines.slice(-shownLines).join(' | ');
  return summary.length > shownCharacters ? `…${summary.slice(-shownCharacters)}` : summary;
}
