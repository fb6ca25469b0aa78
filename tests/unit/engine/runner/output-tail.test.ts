import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutputTail, summarizeOutput } from '../../../../src/engine/runner/output-tail.ts';

const encoder = new TextEncoder();

describe('the output tail', () => {
  it('holds the last bytes of everything, however it came', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(fc.array(ascii), fc.integer({ min: 1, max: 20 }), (chunks, maxBytes) => {
        const tail = createOutputTail(maxBytes);
        for (const chunk of chunks) tail.push(encoder.encode(chunk));
        expect(tail.text()).toBe(chunks.join('').slice(-maxBytes));
      }),
    );
  });

  it('keeps a character whole that lies across the seam of its ring', () => {
    const tail = createOutputTail(4);
    tail.push(encoder.encode('abc'));
    tail.push(encoder.encode('éz'));
    expect(tail.text()).toBe('céz');
  });
});

describe('the summary of an output', () => {
  it('is its last four lines, without colours and empty lines', () => {
    const text = 'zero\none\n\n  two\r\n\u001B[31mthree\u001B[0m\nfour\n';
    expect(summarizeOutput(text)).toBe('one | two | three | four');
  });

  it('is the end of lines that are too long', () => {
    expect(summarizeOutput(`${'x'.repeat(600)}end`)).toBe(`…${'x'.repeat(497)}end`);
  });

  it('is empty where nothing was said', () => {
    expect(summarizeOutput(' \n\n')).toBe('');
  });
});
