import { toSafeText } from './safe-text.ts';

/** The end of what a process wrote; memory is bounded however much that was. */
export interface OutputTail {
  push(chunk: Uint8Array): void;
  /** The last bytes, in order. */
  bytes(): Uint8Array;
  /** The last bytes as text. A character that the cut goes through becomes U+FFFD. */
  text(): string;
}

export function createOutputTail(maxBytes: number): OutputTail {
  // A ring, so that a flood costs one copy of at most `maxBytes` per chunk and no allocation.
  const ring = new Uint8Array(maxBytes);
  let written = 0;

  function bytes(): Uint8Array {
    if (written <= maxBytes) return ring.slice(0, written);
    const cut = written % maxBytes;
    return Buffer.concat([ring.subarray(cut), ring.subarray(0, cut)]);
  }

  return {
    push(chunk) {
      const kept = chunk.subarray(Math.max(0, chunk.length - maxBytes));
      const at = (written + chunk.length - kept.length) % maxBytes;
      const untilWrap = kept.subarray(0, maxBytes - at);
      ring.set(untilWrap, at);
      ring.set(kept.subarray(untilWrap.length), 0);
      written += chunk.length;
    },
    bytes,
    text: () => new TextDecoder().decode(bytes()),
  };
}

const shownLines = 4;
const shownCharacters = 500;

/** The last lines of an output on one line, for an error message; empty where there was none. */
export function summarizeOutput(text: string): string {
  const lines = toSafeText(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const summary = lines.slice(-shownLines).join(' | ');
  return summary.length > shownCharacters ? `…${summary.slice(-shownCharacters)}` : summary;
}
