import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFrame,
  createFrameMaker,
  decodeFrame,
  encodeFrame,
  readFrameTime,
  readSequence,
  stampDroppedFrames,
} from '../../../src/shared/frame-codec.ts';
import type { SampleFrame } from '../../../src/shared/sample.ts';
import { drawnFrame } from '../../support/drawn-frame.ts';

const number = fc.double();
const column = (length: number): fc.Arbitrary<Float64Array> =>
  fc.array(number, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));

/** Any numbers in a frame of any size: the names are those of a frame that is there. */
const frames: fc.Arbitrary<SampleFrame> = fc
  .tuple(fc.nat({ max: 16 }), fc.nat({ max: 16 }), fc.nat({ max: 16 }))
  .chain(([cores, rows, details]) => {
    const empty = drawnFrame({
      coreBusy: new Float64Array(cores),
      keys: new Float64Array(rows),
      detailKeys: new Float64Array(details),
    });
    const fields = Object.entries(empty) as [string, number | Float64Array][];
    const drawn = fields.map(([name, value]) =>
      fc.tuple(fc.constant(name), typeof value === 'number' ? number : column(value.length)),
    );
    return fc.tuple(...drawn).map((entries) => drawnFrame(Object.fromEntries(entries)));
  });

const twoCoresOneRow = drawnFrame({
  sequence: 7,
  atMs: 1234.5,
  coreBusy: Float64Array.of(0.5, Number.NaN),
  keys: Float64Array.of(11),
  cpuShare: Float64Array.of(1.5),
  rssBytes: Float64Array.of(2 ** 40),
});

describe('the frame codec', () => {
  it('gives back every frame exactly, unknown numbers included', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
      }),
    );
  });

  it('takes 8 bytes for each of 16 header fields, 7 columns of a core, 11 of a row and 17 of a detail', () => {
    const { buffer } = createFrame({ cores: 2, rows: 1, details: 1 });
    const { byteLength } = buffer;
    expect(byteLength).toBe(8 * (16 + 2 * 7 + 11 + 17));
  });

  it('makes one frame after the other, of any sizes, each whole and in a buffer of its own', () => {
    fc.assert(
      fc.property(fc.array(frames, { minLength: 1, maxLength: 8 }), (drawn) => {
        const maker = createFrameMaker();
        const made = drawn.map((frame) => {
          const columns = maker.begin({
            cores: frame.coreBusy.length,
            rows: frame.keys.length,
            details: frame.detailKeys.length,
          });
          expect(Object.values(columns).every((values: Float64Array) => values.every(Number.isNaN))).toBe(
            true,
          );
          for (const name of Object.keys(columns) as (keyof typeof columns)[]) columns[name].set(frame[name]);
          return maker.finish(frame);
        });
        expect(made.map(decodeFrame)).toEqual(drawn);
      }),
    );
  });

  it('tells the time of a frame without looking at the rest', () => {
    const buffer = encodeFrame(drawnFrame({ atMs: 1234.5, everyMs: 200 }));
    expect(readFrameTime(buffer)).toEqual({ atMs: 1234.5, everyMs: 200 });
  });

  it('refuses a frame that was cut anywhere', () => {
    const whole = encodeFrame(twoCoresOneRow);
    fc.assert(
      fc.property(fc.nat({ max: whole.byteLength - 1 }), (length) => {
        expect(() => decodeFrame(whole.slice(0, length))).toThrow(RangeError);
      }),
    );
  });

  it('refuses a frame with something behind it', () => {
    const longer = new Uint8Array(encodeFrame(twoCoresOneRow).byteLength + 8);
    longer.set(new Uint8Array(encodeFrame(twoCoresOneRow)));
    expect(() => decodeFrame(longer.buffer)).toThrow('frame has 42 numbers, expected 41');
  });

  it('refuses bytes that are not a frame, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => decodeFrame(bytes.slice().buffer)).toThrow(RangeError);
      }),
    );
  });

  it('refuses another layout by its number', () => {
    const buffer = encodeFrame(twoCoresOneRow);
    new Float64Array(buffer)[0] = 1;
    expect(() => decodeFrame(buffer)).toThrow('frame layout 1 is not 2');
  });

  it('refuses to pack columns of different lengths', () => {
    const uneven = { ...twoCoresOneRow, rssBytes: Float64Array.of(1, 2) };
    expect(() => encodeFrame(uneven)).toThrow('frame column rssBytes has 2 entries, expected 1');
  });

  it('stamps the drop count of one receiver and leaves the rest as it is', () => {
    const buffer = encodeFrame(twoCoresOneRow);
    stampDroppedFrames(buffer, 42);
    expect(decodeFrame(buffer)).toEqual({ ...twoCoresOneRow, droppedFrames: 42 });
  });

  it('tells the sequence without decoding the rest', () => {
    expect(readSequence(encodeFrame(twoCoresOneRow))).toBe(7);
  });

  it('has unknown numbers wherever nothing was written', () => {
    const { columns } = createFrame({ cores: 1, rows: 1, details: 1 });
    const values = (Object.values(columns) as Float64Array[]).flatMap((column) => [...column]);
    expect(values).toEqual(Array.from({ length: 7 + 11 + 17 }, () => Number.NaN));
  });
});
