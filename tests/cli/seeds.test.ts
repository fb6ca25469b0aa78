import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../src/engine/export/experiment-schema.ts';
import type { Experiment } from '../../src/shared/experiment.ts';
import { corescope, projectRoot } from './corescope.ts';

/** The programs of the articles that Corescope began with, run by somebody who has just read them. */

const seeds = path.join(projectRoot, 'tests/fixtures/seeds');
const python = spawnSync('python3', ['--version']).status === 0;
const needsPython = python ? '' : ' (skipped: there is no python3 on PATH)';

/** What stands in the document for tasks with these results. */
function checksumOf(...results: readonly string[]): string {
  return createHash('sha256').update(results.join('\n')).digest('hex').slice(0, 16);
}

function ofCommand(stdout: string): string {
  return checksumOf(`exit 0\n${createHash('sha256').update(stdout).digest('hex')}`);
}

async function runSeed(args: readonly string[]): Promise<{ experiment: Experiment; said: string }> {
  const { exitCode, stdout, stderr } = await corescope(args, { cwd: seeds });
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  const parsed = parseExperiment(stdout);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return { experiment: parsed.value, said: stderr };
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split('\n');
}

function checksumsIn({ strategies }: Experiment): readonly (readonly [string, number, string | null])[] {
  return strategies.map(({ strategy, workers, checksum }) => [strategy, workers, checksum]);
}

/** Lines that come in this order in each of two workers, and in any order between them. */
const shortCounts = ['short 0', 'short 1', 'short 2'];
const longCounts = ['long 0', 'long 1', 'long 2', 'long 3', 'long 4'];

const commands: readonly {
  readonly argv: readonly string[];
  /** Every line, in any order. */
  readonly lines: readonly string[];
  /** Those of them that nothing but a mistake could put in another order. */
  readonly inOrder: readonly (readonly string[])[];
}[] = [
  ...['threads', 'processes'].flatMap((kind) => [
    {
      argv: ['one_worker.py', kind],
      lines: ['the worker works', 'the worker has been joined'],
      inOrder: [['the worker works', 'the worker has been joined']],
    },
    {
      argv: ['two_printers.py', kind, '0.01', 'join'],
      lines: [...shortCounts, ...longCounts, 'short is done', 'long is done'],
      inOrder: [
        [...shortCounts, 'short is done', 'long is done'],
        [...longCounts, 'long is done'],
      ],
    },
    {
      // How early "done" comes is up to the scheduler; that the program waits to the end is not.
      argv: ['two_printers.py', kind, '0.01', 'no-join'],
      lines: [...shortCounts, ...longCounts, 'short is done', 'long is done'],
      inOrder: [shortCounts, longCounts, ['short is done', 'long is done']],
    },
    {
      argv: ['five_tasks.py', kind],
      lines: [0, 1, 2, 3, 4].map((number) => `task ${number} runs`),
      inOrder: [],
    },
    {
      argv: ['pool_of_squares.py', kind, '0.01'],
      lines: ['[1, 4, 9, 16, 25, 36, 49, 64, 81, 100]', 'the pool is closed'],
      inOrder: [['[1, 4, 9, 16, 25, 36, 49, 64, 81, 100]', 'the pool is closed']],
    },
    {
      argv: ['busy_loops.py', kind, '20000'],
      lines: [`two ${kind} took … s`, 'alone it took … s'],
      inOrder: [[`two ${kind} took … s`, 'alone it took … s']],
    },
  ]),
  {
    argv: ['greetings.py', '0.01'],
    lines: ['t1 says hello', 't2 says hello', 'p1 says hello', 'p2 says hello'],
    inOrder: [
      ['t1 says hello', 'p1 says hello'],
      ['t2 says hello', 'p2 says hello'],
    ],
  },
  {
    argv: ['heavy_calculation.py', '20000'],
    lines: [
      't1 has calculated',
      't2 has calculated',
      'two threads took … s',
      'p1 has calculated',
      'p2 has calculated',
      'two processes took … s',
    ],
    inOrder: [
      ['t1 has calculated', 'two threads took … s', 'p1 has calculated', 'two processes took … s'],
      ['t2 has calculated', 'two threads took … s', 'p2 has calculated', 'two processes took … s'],
    ],
  },
];

describe.skipIf(!python)(`a program of the articles as a command${needsPython}`, () => {
  const named = commands.map((command) => ({ ...command, line: command.argv.join(' ') }));
  it.each(named)('python3 $line', async ({ argv, lines, inOrder }) => {
    const { experiment, said } = await runSeed([
      'run',
      '--no-record',
      '--json',
      '-',
      '--',
      'python3',
      ...argv,
    ]);
    // All that it wrote has come through, byte for byte: the checksum is made of what the host read.
    expect(checksumsIn(experiment)).toEqual([['serial', 1, ofCommand(said)]]);
    expect(experiment.strategies[0]?.runs).toMatchObject([{ state: 'finished', lostTasks: 0 }]);
    expect(experiment.workload).toMatchObject({
      id: 'command',
      runtime: 'command',
      target: { kind: 'command', argv: ['python3', ...argv] },
      tasks: 1,
    });
    const written = linesOf(said).map((line) => line.replace(/\d+\.\d+ s$/, '… s'));
    expect([...written].sort()).toEqual([...lines].sort());
    for (const some of inOrder) expect(written.filter((line) => some.includes(line))).toEqual(some);
  });
});

/** `results` are those of the tasks, as Python's json writes them; `said` is what they print. */
const functions: readonly {
  readonly target: string;
  readonly strategy: 'threads' | 'processes';
  readonly args: readonly unknown[];
  readonly results: readonly string[];
  readonly said: readonly string[];
}[] = [
  {
    target: 'one_worker.py:work',
    strategy: 'threads',
    args: [],
    results: ['"worked"', '"worked"', '"worked"'],
    said: ['the worker works', 'the worker works', 'the worker works'],
  },
  {
    target: 'two_printers.py:count_aloud',
    strategy: 'processes',
    args: ['printer {index}', 2, 0.01],
    results: ['"printer 0 counted to 2"', '"printer 1 counted to 2"'],
    said: ['printer 0 0', 'printer 0 1', 'printer 1 0', 'printer 1 1'],
  },
  {
    target: 'five_tasks.py:task',
    strategy: 'threads',
    args: ['{index}'],
    results: ['"task 0"', '"task 1"', '"task 2"', '"task 3"', '"task 4"'],
    said: ['task 0 runs', 'task 1 runs', 'task 2 runs', 'task 3 runs', 'task 4 runs'],
  },
  {
    target: 'pool_of_squares.py:square',
    strategy: 'processes',
    args: ['{index}', 0.01],
    results: ['0', '1', '4', '9', '16', '25', '36', '49', '64', '81'],
    said: [],
  },
  {
    target: 'greetings.py:greet',
    strategy: 'threads',
    args: ['worker {index} of {tasks}'],
    results: ['"worker 0 of 2 says hello"', '"worker 1 of 2 says hello"'],
    said: ['worker 0 of 2 says hello', 'worker 1 of 2 says hello'],
  },
  {
    target: 'heavy_calculation.py:heavy_calculation',
    strategy: 'processes',
    args: [100_000, 'worker {index}'],
    results: ['4999950000', '4999950000'],
    said: ['worker 0 has calculated', 'worker 1 has calculated'],
  },
  {
    target: 'busy_loops.py:count_up',
    strategy: 'processes',
    args: [20_000],
    results: ['20000', '20000'],
    said: [],
  },
  // Ten squares by a pool of its own in each of two workers. (No processes from threads: forking there is unsafe in
  // Python itself, whoever calls it.)
  ...(
    [
      ['threads', 'threads'],
      ['processes', 'threads'],
      ['processes', 'processes'],
    ] as const
  ).map(([strategy, kind]) => ({
    target: 'pool_of_squares.py:squares',
    strategy,
    args: [kind],
    results: ['[1, 4, 9, 16, 25, 36, 49, 64, 81, 100]', '[1, 4, 9, 16, 25, 36, 49, 64, 81, 100]'],
    said: [],
  })),
];

describe.skipIf(!python)(`a function of the articles in two workers${needsPython}`, () => {
  it.each(functions)('$target $args as $strategy', async ({ target, strategy, args, results, said }) => {
    const run = await runSeed([
      'run',
      '--no-record',
      target,
      ...['--args', JSON.stringify(args), '--strategy', strategy, '--workers', '2'],
      ...['--tasks', String(results.length), '--json', '-'],
    ]);
    expect(checksumsIn(run.experiment)).toEqual([[strategy, 2, checksumOf(...results)]]);
    expect(run.experiment.strategies[0]?.runs).toMatchObject([{ state: 'finished', lostTasks: 0 }]);
    const [file = '', functionName] = target.split(':');
    expect(run.experiment.workload).toMatchObject({
      id: 'function',
      runtime: 'python',
      target: { kind: 'function', path: path.join(seeds, file), functionName, args },
      tasks: results.length,
    });
    expect(run.said === '' ? [] : [...linesOf(run.said)].sort()).toEqual([...said].sort());
  });
});

describe.skipIf(!python)(`the comparison of the articles${needsPython}`, () => {
  it('computes the same by threads and by processes', async () => {
    const { experiment } = await runSeed([
      'compare',
      'heavy_calculation.py:heavy_calculation',
      ...['--args', '[100000, "worker {index}"]', '--strategies', 'threads,processes', '--workers', '2'],
      ...['--quick', '--warmup', '0', '--quiet', '--json', '-'],
    ]);
    const checksum = checksumOf('4999950000', '4999950000');
    expect(checksumsIn(experiment)).toEqual([
      ['threads', 2, checksum],
      ['processes', 2, checksum],
    ]);
    expect(experiment.strategies.map(({ runs }) => runs.map(({ state }) => state))).toEqual([
      ['finished', 'finished', 'finished'],
      ['finished', 'finished', 'finished'],
    ]);
    expect(experiment.verdict.state).not.toBe('failed');
  });
});
