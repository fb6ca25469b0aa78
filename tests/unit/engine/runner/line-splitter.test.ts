import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter, type Line } from '../../../../src/engine/runner/line-splitter.ts';

const encoder = new TextEncoder();

/** Feeds `bytes` to a splitter in pieces that end at the given places. */
function split(bytes: Uint8Array, cuts: readonly number[], maxLineBytes: number): Line[] {
  const splitter = createLineSplitter(maxLineBytes);
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  return places.flatMap((end) => {
    const lines = splitter.push(bytes.subarray(start, end));
    start = end;
    return lines;
  });
}

describe('the line splitter', () => {
  it('gives back the lines, wherever the stream was cut, characters in two included', () => {
    const line = fc
      .string({ unit: 'binary' })
      .map((text) => text.replaceAll('\n', '').replaceAll('\uFEFF', ''));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, cuts) => {
        const stream = encoder.encode(lines.map((text) => `${text}\n`).join(''));
        expect(split(stream, cuts, 10_000)).toEqual(lines.map((text) => ({ kind: 'text', text })));
      }),
    );
  });

  it('tells of a line that is too long, keeps none of it, and goes on with the next', () => {
    const stream = encoder.encode(`short\n${'x'.repeat(25)}\nafter\n`);
    for (let cut = 0; cut <= stream.length; cut += 1) {
      expect(split(stream, [cut], 10)).toEqual([
        { kind: 'text', text: 'short' },
        { kind: 'too-long', bytes: 25 },
        { kind: 'text', text: 'after' },
      ]);
    }
  });

  it('allows a line of exactly the limit', () => {
    expect(split(encoder.encode(`${'x'.repeat(10)}\n`), [4], 10)).toEqual([
      { kind: 'text', text: 'xxxxxxxxxx' },
    ]);
  });

  it('holds back a line that has not ended', () => {
    const splitter = createLineSplitter(100);
    expect(splitter.push(encoder.encode('half a '))).toEqual([]);
    expect(splitter.push(encoder.encode('line\n\n'))).toEqual([
      { kind: 'text', text: 'half a line' },
      { kind: 'text', text: '' },
    ]);
  });

  it('is not disturbed when the stream reuses the memory of a chunk', () => {
    const splitter = createLineSplitter(100);
    const chunk = encoder.encode('first');
    splitter.push(chunk);
    chunk.fill(0);
    expect(splitter.push(encoder.encode('\n'))).toEqual([{ kind: 'text', text: 'first' }]);
  });
});
