import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteWord, splitCommandLine } from '../../../../src/renderer/state/command-line.ts';

describe('a command line', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['  make   -j4 ', ['make', '-j4']],
    [`python3 -c 'print("a b")'`, ['python3', '-c', 'print("a b")']],
    [String.raw`echo "say \"hi\"" it\'s a\ b`, ['echo', 'say "hi"', "it's", 'a b']],
    [String.raw`C:\tools\run.exe --in C:\data`, [String.raw`C:\tools\run.exe`, '--in', String.raw`C:\data`]],
    [`sh -c 'a | b > c'`, ['sh', '-c', 'a | b > c']],
    [`grep "|" ''`, ['grep', '|', '']],
    ['run --seed {index}', ['run', '--seed', '{index}']],
  ])('%s is split into its words', (text, argv) => {
    expect(splitCommandLine(text)).toEqual({ ok: true, argv });
  });

  it.each([
    ['a | b', `"|" needs a shell: write sh -c '…' around it.`],
    ['a > out.txt', `">" needs a shell: write sh -c '…' around it.`],
    ['a && b', `"&&" needs a shell: write sh -c '…' around it.`],
    [`echo 'a`, "A quote ' is opened and never closed."],
  ])('%s is refused, for nothing would do what it says', (text, reason) => {
    expect(splitCommandLine(text)).toEqual({ ok: false, reason });
  });

  it('gives back any words that were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (argv) => {
        expect(splitCommandLine(argv.map(quoteWord).join(' '))).toEqual({ ok: true, argv });
      }),
    );
  });
});
