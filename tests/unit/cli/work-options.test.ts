import { describe, expect, it } from 'vitest';
import { chooseWork, type WorkOptions } from '../../../src/cli/work-options.ts';

const plain: WorkOptions = { runtime: 'node', env: [] };

function choose(
  word: string | null,
  changes: Partial<WorkOptions> = {},
  command: readonly string[] | null = null,
) {
  const chosen = chooseWork(word === null ? [] : [word], command, { ...plain, ...changes });
  return chosen.ok ? chosen.value : chosen.problem.message;
}

function commandOf(argv: readonly string[]): object {
  return {
    id: 'command',
    runtime: 'command',
    target: { kind: 'command', argv, cwd: null, stdinFile: null, environment: {} },
  };
}

describe('what is to be run', () => {
  it('is a workload of the catalogue, in the runtime that is asked for', () => {
    expect(choose('count-loop', { runtime: 'python' })).toEqual({
      id: 'count-loop',
      runtime: 'python',
      target: null,
    });
  });

  it.each(['task.mjs', './a/task.ts', 'C:\\work\\task.cjs', 'TASK.JS'])('is the module %s', (path) => {
    expect(choose(path)).toEqual({ id: 'module', runtime: 'node', target: { kind: 'module', path } });
  });

  it('is a function of a Python file, with what it is called with', () => {
    expect(choose('a/task.py:work', { args: '["{index}", 2]' })).toEqual({
      id: 'function',
      runtime: 'python',
      target: { kind: 'function', path: 'a/task.py', functionName: 'work', args: ['{index}', 2] },
    });
  });

  it('is a Python script, as a command of the interpreter', () => {
    expect(choose('task.py')).toEqual(commandOf(['python3', 'task.py']));
    expect(choose('task.py', { python: '/opt/python' })).toEqual(commandOf(['/opt/python', 'task.py']));
  });

  it('is the command behind --, with its surroundings', () => {
    expect(choose(null, { cwd: 'there', stdin: 'in.txt', env: ['A=1=2'] }, ['ls', '-l'])).toEqual({
      id: 'command',
      runtime: 'command',
      target: {
        kind: 'command',
        argv: ['ls', '-l'],
        cwd: 'there',
        stdinFile: 'in.txt',
        environment: { A: '1=2' },
      },
    });
  });

  it('is left to the plan where it may be a workload that is misspelt', () => {
    expect(choose('count-lop')).toEqual({ id: 'count-lop', runtime: 'node', target: null });
  });

  it.each([
    ['nothing', () => choose(null), 'Nothing to run is given.'],
    ['nothing behind --', () => choose(null, {}, []), 'Nothing stands behind --.'],
    ['two works', () => choose('sleep', {}, ['ls']), 'Both "sleep" and the command "ls" are given.'],
    [
      'a binary',
      () => choose('./a.out'),
      '"./a.out" is neither a JavaScript or TypeScript file, nor Python.',
    ],
    ['args that are no list', () => choose('a.py:f', { args: '{}' }), '--args {} is not a JSON list.'],
    ['args that are no JSON', () => choose('a.py:f', { args: '[' }), '--args [ is not a JSON list.'],
    ['args of a module', () => choose('a.js', { args: '[]' }), '--args only goes with a Python function.'],
    ['a folder for a workload', () => choose('sleep', { cwd: '/' }), '--cwd only goes with a command.'],
    ['input for a module', () => choose('a.js', { stdin: 'x' }), '--stdin only goes with a command.'],
    ['a variable for a module', () => choose('a.js', { env: ['A=1'] }), '--env only goes with a command.'],
    [
      'a variable without a value',
      () => choose(null, { env: ['A'] }, ['ls']),
      '--env A is not a name with a value.',
    ],
  ])('is refused: %s', (_, chosen, message) => {
    expect(chosen()).toBe(message);
  });
});
