import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { corescopeOnTerminal, tiny } from './corescope.ts';

const hasScript = spawnSync('script', ['--version']).status === 0;
const slow = ['compare', 'sleep', '--param', 'seconds=0.6', '--workers', '2', '--quick', '--warmup', '0'];

// `script` of util-linux lends a terminal; that of other systems takes other options.
describe.skipIf(!hasScript || process.platform !== 'linux')('on a terminal', () => {
  it('shows live which run it is and every core, and takes that away before the result', async () => {
    const { exitCode, stdout } = await corescopeOnTerminal(slow);
    expect(exitCode).toBe(0);
    const seen = stripVTControlCharacters(stdout);
    expect(seen).toMatch(/run 1\/9 · block 1 · \w+ × \d · 0:0\d\r?\n/);
    expect(seen).toMatch(/run 9\/9 · block 3 · \w+ × \d · \d:\d\d, about \d:\d\d left/);
    expect(seen).toMatch(/cores [·▁▂▃▄▅▆▇█]+( \(\d+ each\))? · memory [\d.]+ MB/);
    // The last thing that is erased lies before the table, and the table after it is whole.
    const eraseLine = '\u001b[2K';
    const afterLive = stripVTControlCharacters(stdout.slice(stdout.lastIndexOf(eraseLine)));
    expect(afterLive).toMatch(/processes × 2 .*\r?\n/);
    expect(afterLive).not.toContain('run 9/9');
  });

  it('uses colour, unless NO_COLOR asks for none', async () => {
    // Moving the cursor is no colour: progress does that in both.
    const colours = /\u001b\[\d[\d;]*m/;
    const plain = await corescopeOnTerminal(['compare', 'count-loop', ...tiny], { NO_COLOR: '1' });
    const coloured = await corescopeOnTerminal(['compare', 'count-loop', ...tiny]);
    expect([plain.exitCode, coloured.exitCode]).toEqual([0, 0]);
    expect(coloured.stdout).toMatch(colours);
    expect(plain.stdout).toContain('processes × 2');
    expect(plain.stdout).not.toMatch(colours);
  });
});
