import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, stampDroppedFrames } from '../../../src/shared/frame-codec.ts';
import { type SampleFrame } from '../../../src/shared/sample.ts';

const number = fc.double();
const column = (length: number): fc.Arbitrary<Float64Array> =>
  fc.array(number, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));

const frames: fc.Arbitrary<SampleFrame> = fc
  .tuple(fc.nat({ max: 64 }), fc.nat({ max: 64 }))
  .chain(([cores, rows]) =>
    fc.record({
      sequence: number,
      atMs: number,
      latenessMs: number,
      missedTicks: number,
      droppedFrames: number,
      requestedEveryMs: number,
      coreWindowMs: number,
      ownCpuShare: number,
      ownRssBytes: number,
      coreBusy: column(cores),
      keys: column(rows),
      cpuShare: column(rows),
      rssBytes: column(rows),
      pssBytes: column(rows),
    }),
  );

const twoCoresOneRow: SampleFrame = {
  sequence: 7,
  atMs: 1234.5,
  latenessMs: 0.25,
  missedTicks: 3,
  droppedFrames: 0,
  requestedEveryMs: 100,
  coreWindowMs: 200,
  ownCpuShare: 0.02,
  ownRssBytes: 64e6,
  coreBusy: Float64Array.of(0.5, Number.NaN),
  keys: Float64Array.of(11),
  cpuShare: Float64Array.of(1.5),
  rssBytes: Float64Array.of(2 ** 40),
  pssBytes: Float64Array.of(Number.NaN),
};

describe('the frame codec', () => {
  it('gives back every frame exactly, unknown numbers included', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
      }),
    );
  });

  it('takes 8 bytes for each of 12 header fields, a core, and four columns of a row', () => {
    expect(encodeFrame(twoCoresOneRow).byteLength).toBe(8 * (12 + 2 + 4));
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
    expect(() => decodeFrame(longer.buffer)).toThrow('frame has 19 numbers, expected 18');
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
    new Float64Array(buffer)[0] = 2;
    expect(() => decodeFrame(buffer)).toThrow('frame layout 2 is not 1');
  });

  it('refuses to pack columns of different lengths', () => {
    const uneven = { ...twoCoresOneRow, rssBytes: Float64Array.of(1, 2) };
    expect(() => encodeFrame(uneven)).toThrow('frame column rssBytes has 2 rows, expected 1');
  });

  it('stamps the drop count of one receiver and leaves the rest as it is', () => {
    const buffer = encodeFrame(twoCoresOneRow);
    stampDroppedFrames(buffer, 42);
    expect(decodeFrame(buffer)).toEqual({ ...twoCoresOneRow, droppedFrames: 42 });
  });
});
