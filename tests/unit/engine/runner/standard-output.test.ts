import { Console } from 'node:console';
import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../../../src/engine/runner/node/standard-output.ts';

/** Answers each write with the next of `answers`: how many bytes it takes, or an error. Then takes everything. */
function pipe(answers: readonly (number | string)[] = []) {
  const left = [...answers];
  const taken: string[] = [];
  const descriptors = new Set<number>();
  function write(descriptor: number, bytes: Uint8Array): number {
    descriptors.add(descriptor);
    const answer = left.shift() ?? bytes.length;
    if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer });
    const part = bytes.subarray(0, answer);
    taken.push(Buffer.from(part).toString('latin1'));
    return part.length;
  }
  return { write, taken, descriptors };
}

describe('an output that is written at once', () => {
  it('has written when the call returns, to its own descriptor, and holds nothing', () => {
    const { write, taken, descriptors } = pipe();
    const output = createOutput(2, write);
    output.write('one ');
    output.write(Buffer.from('two'));
    expect(taken).toEqual(['one ', 'two']);
    expect([...descriptors]).toEqual([2]);
    expect(output.fd).toBe(2);
    expect(output.writableLength).toBe(0);
  });

  it('tries a full pipe again, and goes on where a write has stopped', () => {
    const { write, taken } = pipe([3, 'EAGAIN', 'EAGAIN', 2]);
    createOutput(1, write).write('abcdefgh');
    expect(taken).toEqual(['abc', 'de', 'fgh']);
  });

  it('writes every byte once and in order, whatever the pipe takes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary-ascii', minLength: 1 })),
        fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant('EAGAIN')), { maxLength: 20 }),
        (texts, answers) => {
          const { write, taken } = pipe(answers);
          const output = createOutput(1, write);
          for (const text of texts) output.write(text);
          expect(taken.join('')).toBe(texts.join(''));
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each(['EPIPE', 'ECONNRESET'])('drops the rest quietly once its reader has gone (%s)', (code) => {
    const { write, taken } = pipe([2, code]);
    const output = createOutput(1, write);
    const errors: unknown[] = [];
    output.on('error', (error) => errors.push(error));
    expect(() => {
      output.write('abcdef');
      output.write('more');
    }).not.toThrow();
    expect(taken).toEqual(['ab']);
    expect(errors).toEqual([]);
  });

  it('tells of any other error to whoever listens', async () => {
    const output = createOutput(1, pipe(['EIO']).write);
    const told = new Promise((resolve) => output.once('error', resolve));
    output.write('lost');
    expect(await told).toMatchObject({ code: 'EIO' });
  });

  it('harms nobody who writes after its end', async () => {
    const { write, taken } = pipe();
    const output = createOutput(1, write);
    output.end('last');
    await finished(output);
    const told = new Promise((resolve) => output.write('late', resolve));
    expect(await told).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
    expect(taken).toEqual(['last']);
  });

  it('lets a source that waits for room go on', async () => {
    const { write, taken } = pipe();
    const large = 'x'.repeat(100_000);
    const source = Readable.from([large, large, large]).pipe(new PassThrough());
    source.pipe(createOutput(1, write), { end: false });
    await finished(source);
    expect(taken.join('')).toBe(large.repeat(3));
  });

  it('is what a console needs, in order with what is written beside it', () => {
    const { write, taken } = pipe();
    const output = createOutput(1, write);
    const console = new Console(output);
    console.log('first %d', 1);
    output.write('second\n');
    console.log('third');
    expect(taken.join('')).toBe('first 1\nsecond\nthird\n');
  });
});
