import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  createMarkerPattern,
  formatMarkerLine,
  parseMarkerLine,
} from '../../../../src/engine/recording/markers.ts';
import { problemOf, valueOf } from './support/made-recording.ts';

it.each([
  ['::corescope marker loaded::', { kind: 'marker', name: 'loaded', values: {} }],
  [
    '  ::corescope begin pass-2 rows=10 file="my data.csv"::\r',
    { kind: 'begin', name: 'pass-2', values: { rows: '10', file: 'my data.csv' } },
  ],
  ['::corescope end "second pass"::', { kind: 'end', name: 'second pass', values: {} }],
  ['::corescope marker "a \\"b\\" ::" x=y::', { kind: 'marker', name: 'a "b" ::', values: { x: 'y' } }],
] as const)('reads %s', (line, marker) => {
  expect(parseMarkerLine(line)).toEqual(marker);
});

it.each([
  'loaded',
  '::corescope',
  '::corescope ::',
  '::corescope marker::',
  '::corescope marker ""::',
  '::corescope jump loaded::',
  '::corescope marker two words::',
  '::corescope marker "unfinished::',
  '::corescope marker a=b::',
  'see ::corescope marker loaded::',
  '::corescope marker loaded:: and more',
  `::corescope marker ${'x'.repeat(5000)}::`,
])('takes %s for any other line', (line) => {
  expect(parseMarkerLine(line)).toBeNull();
});

it('reads every marker that it writes', () => {
  const marker = fc.record({
    kind: fc.constantFrom('marker', 'begin', 'end'),
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    values: fc.dictionary(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 20 }), {
      maxKeys: 5,
      noNullPrototype: true,
    }),
  });
  fc.assert(
    fc.property(marker, (one) => {
      const line = formatMarkerLine(one);
      expect(line).not.toContain('\n');
      expect(parseMarkerLine(line)).toEqual(one);
    }),
  );
});

it('never throws, whatever a program prints', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      parseMarkerLine(text);
      parseMarkerLine(`::corescope ${text}::`);
    }),
  );
});

it.each([
  ['epoch \\d+ done', 'epoch 7 done', { kind: 'marker', name: 'epoch 7 done', values: {} }],
  ['^stage (\\w+)', 'stage load of 3', { kind: 'marker', name: 'load', values: {} }],
  [
    '(?<name>\\w+) took (?<ms>\\d+)(?<unit>s)?',
    'map took 12',
    { kind: 'marker', name: 'map', values: { ms: '12' } },
  ],
] as const)('a pattern %s makes a marker of "%s"', (source, line, marker) => {
  expect(valueOf(createMarkerPattern(source))(line)).toEqual(marker);
});

it('a pattern passes over lines that do not match, that it matches with nothing, or that are too long', () => {
  const pattern = valueOf(createMarkerPattern('x*'));
  expect(pattern('abc')).toBeNull();
  expect(pattern('x'.repeat(5000))).toBeNull();
});

it('a pattern that is no regular expression is a problem', () => {
  expect(problemOf(createMarkerPattern('(unclosed'))).toBe('bad-marker-pattern');
});
