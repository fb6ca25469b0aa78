import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createOutputCapture,
  type OutputNews,
  type OutputStream,
} from '../../../../src/engine/runner/output-capture.ts';

const encoder = new TextEncoder();

/** A capture with a clock that stands still until it is set. */
function capture() {
  const clock = { ms: 0 };
  const news: OutputNews[] = [];
  const captured = createOutputCapture({
    nowMs: () => clock.ms,
    onOutput: (output) => news.push(output),
  });
  const write = (text: string, stream: OutputStream = 'stdout'): void =>
    captured.push(stream, encoder.encode(text));
  return { ...captured, write, news, clock };
}

const headBytes = 16_384;
const tailBytes = 49_152;
const nothing = { head: '', tail: '', totalBytes: 0, droppedBytes: 0 };

describe('the output that is kept', () => {
  it('is all of it where it is short', () => {
    const output = capture();
    output.write('one\n');
    output.write('two\n');
    output.write('oh\n', 'stderr');
    expect(output.conclude()).toEqual({
      stdout: { head: 'one\ntwo\n', tail: '', totalBytes: 8, droppedBytes: 0 },
      stderr: { head: 'oh\n', tail: '', totalBytes: 3, droppedBytes: 0 },
    });
  });

  it('is the beginning and the end of a long one, and what lies between is counted', () => {
    const text = fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 9 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60_000 }), (words, repeats) => {
        const output = capture();
        const chunks = words.map((word) =>
          word
            .replaceAll(/[^ -~]/g, '.')
            .repeat(repeats)
            .slice(0, 90_000),
        );
        for (const chunk of chunks) output.write(chunk);
        const whole = chunks.join('');
        const droppedBytes = Math.max(0, whole.length - headBytes - tailBytes);
        expect(output.conclude().stdout).toEqual({
          head: droppedBytes === 0 ? whole : whole.slice(0, headBytes),
          tail: droppedBytes === 0 ? '' : whole.slice(-tailBytes),
          totalBytes: whole.length,
          droppedBytes,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('keeps a character whole that lies on the seam of its two parts', () => {
    const output = capture();
    output.write(`${'x'.repeat(headBytes - 1)}é`);
    expect(output.conclude().stdout.head.endsWith('xé')).toBe(true);
  });

  it('holds no more memory after 100 MB than after 100 kB', () => {
    const output = capture();
    const chunk = new Uint8Array(65_536).fill(0x61);
    output.push('stdout', chunk);
    output.push('stderr', chunk);
    const heldBytes = output.heldBytes();
    for (let written = 0; written < 1e8; written += chunk.length) output.push('stdout', chunk);
    expect(output.heldBytes()).toBe(heldBytes);
    expect(heldBytes).toBeLessThanOrEqual(16_384 + 2 * (headBytes + tailBytes) + 65_536);
  });
});

describe.skipIf(process.platform === 'win32')('a flood from a real process', () => {
  it('is read to its last byte and held in bounded memory', async () => {
    const floodBytes = 300_000_000;
    const flood = spawn('head', ['-c', String(floodBytes), '/dev/zero'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const output = createOutputCapture({ nowMs: () => performance.now(), onOutput: () => undefined });
    let mostHeldBytes = 0;
    flood.stdout.on('data', (chunk: Buffer) => {
      output.push('stdout', chunk);
      mostHeldBytes = Math.max(mostHeldBytes, output.heldBytes());
    });
    const teller = setInterval(() => output.tell(), 10);
    await once(flood, 'close');
    clearInterval(teller);
    const { totalBytes, droppedBytes } = output.conclude().stdout;
    expect(totalBytes).toBe(floodBytes);
    expect(droppedBytes).toBe(floodBytes - headBytes - tailBytes);
    // Between two tellings at most a second's allowance is pending.
    expect(mostHeldBytes).toBeLessThanOrEqual(16_384 + 2 * (headBytes + tailBytes) + 65_536);
  });
});

describe('the output that is told', () => {
  it('is what has come since the last time, one stream a time, the one that waits longest first', () => {
    const output = capture();
    output.clock.ms = 5;
    output.write('a', 'stderr');
    output.clock.ms = 6;
    output.write('b');
    output.write('c', 'stderr');
    output.tell();
    output.tell();
    output.tell();
    expect(output.news).toEqual([
      { stream: 'stderr', text: 'ac', atMs: 5, skippedBytes: 0 },
      { stream: 'stdout', text: 'b', atMs: 6, skippedBytes: 0 },
    ]);
  });

  it('is at most 64 KiB at once and 64 KiB a second, and says how much it left out', () => {
    const output = capture();
    const megabyte = 'x'.repeat(1_000_000);
    output.write(megabyte);
    output.tell();
    output.clock.ms = 1_000;
    output.write(megabyte);
    output.tell();
    output.conclude();
    expect(output.news.map(({ text, skippedBytes }) => [text.length, skippedBytes])).toEqual([
      [65_536, 0],
      [65_536, 1_000_000 - 65_536],
      [0, 1_000_000 - 65_536],
    ]);
  });

  it('never tells more than a flood may, and accounts for every byte of it', () => {
    const pushes = fc.array(
      fc.record({ bytes: fc.integer({ min: 0, max: 200_000 }), ms: fc.integer({ min: 0, max: 300 }) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(pushes, (all) => {
        const output = capture();
        for (const { bytes, ms } of all) {
          output.push('stdout', new Uint8Array(bytes).fill(0x61));
          output.clock.ms += ms;
          output.tell();
        }
        const { totalBytes } = output.conclude().stdout;
        const told = output.news.reduce((sum, { text }) => sum + text.length, 0);
        const skipped = output.news.reduce((sum, { skippedBytes }) => sum + skippedBytes, 0);
        expect(told + skipped).toBe(totalBytes);
        expect(told).toBeLessThanOrEqual(65_536 * (1 + output.clock.ms / 1_000));
      }),
      { numRuns: 50 },
    );
  });

  it('joins what a chunk has cut: a character, a colour, an end of line', () => {
    const output = capture();
    const bytes = encoder.encode('é\u001B[31mred\r\nend');
    for (const byte of bytes) {
      output.push('stdout', Uint8Array.of(byte));
      output.tell();
    }
    expect(output.news.map(({ text }) => text).join('')).toBe('éred\nend');
  });

  it('is told to its end when the run is over, cut or not', () => {
    const output = capture();
    output.write('bye\u001B');
    output.tell();
    output.conclude();
    expect(output.news.map(({ text }) => text)).toEqual(['bye', '\u241B']);
  });

  it('is nothing where nothing was written', () => {
    const output = capture();
    output.tell();
    expect(output.conclude()).toEqual({ stdout: nothing, stderr: nothing });
    expect(output.news).toEqual([]);
    expect(output.lastWords()).toBe('');
  });
});
