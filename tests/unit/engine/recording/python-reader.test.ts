import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeRecording, temporaryFolder } from './support/made-recording.ts';

const documented = readFileSync(join(import.meta.dirname, '../../../../docs/recording-format.md'), 'utf8');
const program = /```python\n(.*?)```/s.exec(documented)?.[1] ?? '';

/** What the program of the documentation prints, line by line. */
function readWithPython(folder: string, recording: string, column: string): string[] {
  const path = join(folder, 'read.py');
  writeFileSync(path, program);
  const { stdout, stderr, status } = spawnSync('python3', [path, recording, column], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trimEnd().split('\n');
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!hasPython).each(['totalCpuMs', 'totalRssBytes', 'coreBusy', 'readBytes'] as const)(
  'the documented reader, without any of our code, finds the same %s in every frame',
  (column) => {
    const folder = temporaryFolder();
    const path = join(folder, 'made.corescope');
    const frames = makeRecording(path, { cores: 3, processes: 20, ticks: 125 });
    const [title, ...lines] = readWithPython(folder, path, column);
    expect(title).toBe('a test');
    // The manifest stands there once more at the end.
    expect(lines.pop()).toBe('a test');
    expect(lines).toHaveLength(125);
    const decimals = { totalCpuMs: 3, totalRssBytes: 0, coreBusy: 5, readBytes: 0 }[column];
    lines.forEach((line, index) => {
      const [atMs = NaN, rows = NaN, sum = NaN] = line.split(' ').map(Number);
      const frame = frames[index];
      if (frame === undefined) throw new Error('a frame too many');
      expect(atMs).toBe(frame.atMs);
      expect(rows).toBe(frame.keys.length);
      const rounded = Array.from(frame[column], (value) => Math.round(value * 10 ** decimals));
      expect(Math.round(sum * 10 ** decimals)).toBe(rounded.reduce((total, value) => total + value, 0));
    });
  },
);

it('fits on two screens', () => {
  expect(program.split('\n').length).toBeLessThan(90);
});
