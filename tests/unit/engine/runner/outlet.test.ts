import { PassThrough, Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { createOutlet } from '../../../../src/engine/runner/node/outlet.ts';

/** Takes one chunk and no more until it is told to. */
function slowTarget(): { readonly target: Writable; readonly taken: string[]; takeNext: () => void } {
  const taken: string[] = [];
  let goOn: () => void = () => undefined;
  const target = new Writable({
    highWaterMark: 8,
    write(chunk: Buffer, _encoding, callback) {
      taken.push(chunk.toString());
      goOn = callback;
    },
  });
  return { target, taken, takeNext: () => goOn() };
}

/** Enough turns of the event loop for whatever can happen to happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

describe('an outlet', () => {
  it('does not read sources while its target is full', async () => {
    const { target, taken } = slowTarget();
    const passOn = createOutlet(target);
    let produced = 0;
    function endless(): Readable {
      return new Readable({
        highWaterMark: 8,
        read() {
          produced += 1;
          this.push(Buffer.from('01234567'));
        },
      });
    }
    const sources = [endless(), endless()];
    for (const source of sources) passOn(source);
    await settle();
    expect(taken).toEqual(['01234567']);
    expect(sources.map((source) => source.isPaused())).toEqual([true, true]);
    // One chunk of each has gone to the target; each holds what fits into it beside that.
    expect(target.writableLength).toBe(16);
    expect(produced).toBeLessThanOrEqual(6);
  });

  it('goes on with all of them when there is room, and loses nothing', async () => {
    const { target, taken, takeNext } = slowTarget();
    const passOn = createOutlet(target);
    const sources = ['a', 'b'].map((name) => Readable.from([1, 2, 3, 4].map((n) => `chunk ${name}${n}`)));
    for (const source of sources) passOn(source);
    const ends = Promise.all(sources.map((source) => finished(source)));
    for (let chunk = 0; chunk < 8; chunk += 1) {
      await settle();
      takeNext();
    }
    await ends;
    expect(taken.toSorted()).toEqual(
      ['a', 'b'].flatMap((name) => [1, 2, 3, 4].map((n) => `chunk ${name}${n}`)),
    );
  });

  it('has one listener for room, however many sources there are', () => {
    const target = new PassThrough();
    const passOn = createOutlet(target);
    const before = target.listenerCount('drain');
    for (let source = 0; source < 50; source += 1) passOn(new PassThrough());
    expect(target.listenerCount('drain')).toBe(before);
  });
});
