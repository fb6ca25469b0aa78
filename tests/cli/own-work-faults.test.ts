import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../src/engine/export/experiment-schema.ts';
import { corescope, temporaryFolder } from './corescope.ts';

describe("one's own work that will not do", () => {
  const oneBlock = ['--strategies', 'serial,processes', '--workers', '2', '--blocks', '1', '--warmup', '0'];

  async function compareFile(
    name: string,
    source: string,
    functionName = '',
  ): Promise<{ file: string; exitCode: number | null; told: string }> {
    const file = path.join(temporaryFolder(), name);
    writeFileSync(file, source);
    const work = functionName === '' ? file : `${file}:${functionName}`;
    const { exitCode, stdout } = await corescope(['compare', work, ...oneBlock, '--yes', '--no-record']);
    return { file, exitCode, told: stdout.replaceAll(/\s+/g, ' ') };
  }

  it.each([
    {
      what: 'a module without a task function',
      source: 'export const task = () => 1;',
      words: (file: string) =>
        `the module ${file} has no default export: write "export default function task({ task }) { … }" there.`,
    },
    {
      what: 'a task function that takes other arguments',
      source: 'export default (task, tasks) => task / tasks;',
      words: (file: string) =>
        `the task function of ${file} takes 2 arguments, but is called with one object: write "export default ` +
        'function task({ task }) { … }" there; it is given { task, tasks, worker, workers, strategy, seed, params }.',
    },
    {
      what: 'a task that returns a function',
      source: 'export default () => () => 1;',
      words: (file: string) =>
        `the task function of ${file} returned a function, which cannot be checked; return numbers, texts, lists ` +
        'or plain objects.',
    },
    {
      what: 'a task that returns an object with itself in it',
      source: 'export default () => { const it = {}; it.self = it; return it; };',
      words: (file: string) =>
        `the task function of ${file} returned an object, which cannot be checked: Converting circular structure ` +
        'to JSON; return numbers, texts, lists or plain objects.',
    },
  ])('($what) is named with its file and the fix, with exit code 3', async ({ source, words }) => {
    const { file, exitCode, told } = await compareFile('work.mjs', source);
    expect(exitCode).toBe(3);
    expect(told).toContain(
      `Serial never finished: Workload "module" failed as serial in node: ${words(file)}`,
    );
  });

  it('(a Python function that takes other arguments) is told of --args', async () => {
    const { file, exitCode, told } = await compareFile(
      'work.py',
      'def add(a, b):\n    return a + b\n',
      'add',
    );
    expect(exitCode).toBe(3);
    expect(told).toContain(
      `${file}:add takes 2 arguments (a, b), but 0 are given: change the arguments (--args) or the function.`,
    );
  });
});

describe('results that differ between strategies', () => {
  it('are shown with both checksums, say what to change, and end with exit code 3', async () => {
    const file = path.join(temporaryFolder(), 'work.mjs');
    writeFileSync(
      file,
      "import { isMainThread } from 'node:worker_threads';\nexport default ({ task }) => (isMainThread ? task : -task);\n",
    );
    const args = [
      'compare',
      file,
      '--strategies',
      'serial,threads',
      '--workers',
      '2',
      '--quick',
      '--no-record',
    ];
    const { exitCode, stdout } = await corescope([...args, '--json', '-']);
    expect(exitCode).toBe(3);
    const parsed = parseExperiment(stdout);
    if (!parsed.ok) throw new Error(parsed.problem.message);
    const { strategies, verdict } = parsed.value;
    const [serial, threads] = strategies.map(({ checksum }) => checksum);
    expect(serial).not.toBe(threads);
    expect(verdict.sentence).toBe(
      `The results differ: serial computed ${serial}, but threads × 2 computed ${threads}. Different work was ` +
        'done, so the times cannot be compared. Let what is returned or printed depend on the number of the task ' +
        'alone: not on time, chance, process or worker.',
    );
  });

  it('are no failure of what prints bytes that are no text, as long as they are the same', async () => {
    const command = [
      '--',
      process.execPath,
      '-e',
      'process.stdout.write(Buffer.from([0, 255, 254, 27, 128, 10]))',
    ];
    const { exitCode, stdout, stderr } = await corescope([
      ...['compare', '--workers', '2', '--quick', '--warmup', '0', '--no-record'],
      ...command,
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout + stderr).not.toMatch(/\u001b|\uFFFD/);
  });
});
