/** A whole line without its line feed, or the news that one was longer than allowed and has been skipped. */
export type Line =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'too-long'; readonly bytes: number };

export interface LineSplitter {
  /** Returns the lines that `chunk` completes, in order. */
  push(chunk: Uint8Array): Line[];
}

const lineFeed = 0x0a;

/**
 * Cuts a byte stream into lines of UTF-8. It splits bytes, not text: a line feed is never part of a longer UTF-8
 * sequence, so a character cut in two by a chunk is whole again when its line is. Holds at most `maxLineBytes`.
 */
export function createLineSplitter(maxLineBytes: number): LineSplitter {
  const decoder = new TextDecoder();
  let pieces: Uint8Array[] = [];
  let pendingBytes = 0;

  function keep(piece: Uint8Array): void {
    pendingBytes += piece.length;
    if (pendingBytes > maxLineBytes) pieces = [];
    // Copied: the chunk belongs to the stream's larger buffer, which a short rest would keep alive.
    else if (piece.length > 0) pieces.push(piece.slice());
  }

  function take(): Line {
    const bytes = pendingBytes;
    const line: Line =
      bytes > maxLineBytes
        ? { kind: 'too-long', bytes }
        : { kind: 'text', text: decoder.decode(concatenate(pieces, bytes)) };
    pieces = [];
    pendingBytes = 0;
    return line;
  }

  return {
    push(chunk) {
      const lines: Line[] = [];
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
        keep(chunk.subarray(start, end));
        lines.push(take());
        start = end + 1;
      }
      keep(chunk.subarray(start));
      return lines;
    },
  };
}

function concatenate(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
