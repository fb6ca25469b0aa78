import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  MalformedBlock,
  unzigzag,
  zigzag,
} from '../../../../src/engine/recording/bytes.ts';
import { readChanges, scaleValues, writeChanges } from '../../../../src/engine/recording/column-codec.ts';
import { FrameDecoder, FrameEncoder } from '../../../../src/engine/recording/frame-block.ts';
import { frameColumns } from '../../../../src/engine/recording/frame-columns.ts';
import { readKeys, writeKeys } from '../../../../src/engine/recording/key-list.ts';
import { redactCommandLine } from '../../../../src/engine/recording/privacy.ts';
import { upgradeManifest } from '../../../../src/engine/recording/upgrade.ts';
import { createFrame, decodeFrame, writeHeader } from '../../../../src/shared/frame-codec.ts';

const wholes = fc.oneof(fc.nat(200), fc.nat(), fc.maxSafeNat());
const keys = fc.uniqueArray(fc.nat(60), { maxLength: 25 }).map((list) => Float64Array.from(list));

it('reads every whole number that it writes', () => {
  fc.assert(
    fc.property(fc.array(wholes), (numbers) => {
      const out = new ByteWriter(1);
      for (const number of numbers) out.writeWhole(number);
      const input = new ByteReader(out.view());
      expect(numbers.map(() => input.readWhole())).toEqual(numbers);
      expect(input.atEnd).toBe(true);
    }),
  );
});

it('zigzag is undone by unzigzag', () => {
  expect([0, -1, 1, -2, 2].map(zigzag)).toEqual([0, 1, 2, 3, 4]);
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), (value) => {
      expect(unzigzag(zigzag(value))).toBe(value);
    }),
  );
});

it('reads every list of rows from what changed since the one before', () => {
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 6 }), (lists) => {
      const out = new ByteWriter();
      let before: Float64Array = new Float64Array(0);
      for (const list of lists) {
        writeKeys(out, before, list);
        before = list;
      }
      const input = new ByteReader(out.view());
      let read: Float64Array = new Float64Array(0);
      for (const list of lists) {
        read = readKeys(input, read, 100);
        expect(read).toEqual(list);
      }
      expect(input.atEnd).toBe(true);
    }),
  );
});

it('an unchanged list is one byte, and one that lost a row a few', () => {
  const list = Float64Array.from({ length: 500 }, (_, index) => index * 3);
  const out = new ByteWriter();
  writeKeys(out, list, list);
  expect(out.length).toBe(1);
  out.clear();
  writeKeys(
    out,
    list,
    list.filter((key) => key !== 300),
  );
  expect(out.length).toBeLessThan(12);
});

it('a change of known and unknown values is told in the tokens of the format', () => {
  const out = new ByteWriter();
  const last = new Float64Array(1).fill(NaN);
  writeChanges(out, Float64Array.from([NaN, 5, 5, 4, NaN, NaN, 1]), new Int32Array(7), last);
  // Still unknown; +5 from nothing; the same; -1; unknown; still; +1 from nothing.
  expect([...out.view()]).toEqual([0, 12, 0, 3, 1, 0, 4]);
  const read = readChanges(new ByteReader(out.view()), new Int32Array(7), new Float64Array(1).fill(NaN));
  expect([...read]).toEqual([NaN, 5, 5, 4, NaN, NaN, 1]);
});

it('says where whole numbers cannot tell a column exactly', () => {
  const scaled = new Float64Array(1);
  expect(scaleValues(Float64Array.of(0.5), 1, scaled)).toBe(false);
  expect(scaleValues(Float64Array.of(Infinity), 100, scaled)).toBe(false);
  expect(scaleValues(Float64Array.of(1e18), 1, scaled)).toBe(false);
  expect(scaleValues(Float64Array.of(0.123456), 1e5, scaled)).toBe(true);
  expect([...scaled]).toEqual([12346]);
});

/** Numbers that a counter of bytes may have, and some that it should not. */
const anyNumber = fc.oneof(
  fc.nat(),
  fc.constant(NaN),
  fc.double({ noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
);

it('exact columns come back as they were, whatever is in them and in whatever order blocks are keyed', () => {
  const frame = fc.record({ list: keys, values: fc.array(anyNumber, { minLength: 25, maxLength: 25 }) });
  fc.assert(
    fc.property(
      fc.array(fc.record({ frame, isKey: fc.boolean() }), { minLength: 1, maxLength: 8 }),
      (blocks) => {
        const encoder = new FrameEncoder();
        const decoder = new FrameDecoder(frameColumns);
        blocks.forEach(({ frame: { list, values }, isKey }, index) => {
          const made = createFrame({ cores: 1, rows: list.length, details: list.length });
          made.columns.keys.set(list);
          made.columns.detailKeys.set(list);
          const row = Float64Array.from(values.slice(0, list.length));
          made.columns.rssBytes.set(row);
          made.columns.totalRssBytes.set(
            row.map((value, at) => (at % 3 === 0 ? Math.round(value * 2) + 0 : value)),
          );
          made.columns.readBytes.set(row);
          const original = decodeFrame(made.buffer);
          writeHeader(made.buffer, { ...original, sequence: index, atMs: index });
          const payload = encoder.encode([decodeFrame(made.buffer)], isKey || index === 0).slice();
          const [read] = decoder.decode(payload, isKey || index === 0);
          expect(read?.keys).toEqual(list);
          expect(read?.rssBytes).toEqual(made.columns.rssBytes);
          expect(read?.readBytes).toEqual(made.columns.readBytes);
          expect(read?.totalRssBytes).toEqual(made.columns.totalRssBytes);
        });
      },
    ),
    { numRuns: 60 },
  );
});

it('refuses every payload that no encoder wrote, without reserving what it does not hold', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (payload) => {
      try {
        new FrameDecoder(frameColumns).decode(payload, true);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedBlock);
      }
    }),
  );
});

it.each([
  ['git clone https://me:pa55@example.org/x', 'git clone https://me:***@example.org/x'],
  ['db --password=hunter2 -v', 'db --password=*** -v'],
  ['db --password "two words" -v', 'db --password *** -v'],
  ['env API_KEY=abc tool', 'env API_KEY=*** tool'],
  ['curl -H "Authorization: Bearer abc.def"', 'curl -H "Authorization: Bearer ***'],
  ['python train.py --epochs 3', 'python train.py --epochs 3'],
])('hides the secret in %s', (line, hidden) => {
  expect(redactCommandLine(line, 'hide-secrets')).toBe(hidden);
  expect(redactCommandLine(line, 'program-only')).toBe(line.split(' ')[0]);
  expect(redactCommandLine(line, 'keep')).toBe(line);
});

it('an old manifest is taken up one version at a time', () => {
  const steps = {
    1: (payload: unknown) => ({ from1: payload }),
    2: (payload: unknown) => ({ from2: payload }),
  };
  expect(upgradeManifest('old', 1, 3, steps)).toEqual({ from2: { from1: 'old' } });
  expect(upgradeManifest('new', 3, 3, steps)).toBe('new');
  expect(() => upgradeManifest('older', 0, 3, steps)).toThrow('no way from recording version 0 to 1');
});
