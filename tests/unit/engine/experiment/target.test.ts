import { describe, expect, it } from 'vitest';
import { checkTarget, type TargetSurroundings } from '../../../../src/engine/experiment/target.ts';
import type { WorkTarget } from '../../../../src/shared/workload.ts';

/** A system of a few files: folders end in a slash, programs in a star. */
function systemOf(drawing: string): TargetSurroundings {
  const entries = drawing.trim().split(/\s+/);
  return {
    cwd: '/project',
    searchPath: '/bin',
    typeOf(path) {
      if (entries.includes(`${path}/`)) return 'folder';
      return entries.includes(path) || entries.includes(`${path}*`) ? 'file' : null;
    },
    isProgram: (name, searchPath) =>
      entries.includes(name.startsWith('/') ? `${name}*` : `${searchPath}/${name}*`),
  };
}

const system = systemOf(`
  /project/  /project/task.ts  /project/notes.txt  /project/input.txt  /project/in-0-of-2  /project/in-1-of-2
  /project/words-9  /project/part-0  /project/part-2  /project/tools/  /project/tools/run.sh*
  /bin/sort*  /opt/bin/sort-fast*  /project/calc.py
`);

const command: Extract<WorkTarget, { kind: 'command' }> = {
  kind: 'command',
  argv: ['sort'],
  cwd: null,
  stdinFile: null,
  environment: {},
};

/** What is wrong, in one line, or where everything is, for two tasks with the seed 9. */
function check(target: WorkTarget): string {
  const checked = checkTarget(target, { tasks: 2, seed: 9 }, system);
  return checked.ok ? JSON.stringify(checked.value) : checked.problem.message;
}

describe('a target', () => {
  it.each<[string, WorkTarget, string]>([
    ['a module', { kind: 'module', path: 'task.ts' }, '{"kind":"module","path":"/project/task.ts"}'],
    [
      'a function',
      { kind: 'function', path: './calc.py', functionName: 'main', args: [1] },
      '{"kind":"function","path":"/project/calc.py","functionName":"main","args":[1]}',
    ],
    [
      'a command',
      { ...command, cwd: 'tools', stdinFile: 'input.txt' },
      '"cwd":"/project/tools","stdinFile":"/project/input.txt"',
    ],
    [
      'a program by its path, from where it is to run',
      { ...command, argv: ['./run.sh'], cwd: 'tools' },
      '"argv":["./run.sh"]',
    ],
    [
      'a program on the PATH that it is given',
      { ...command, argv: ['sort-fast'], environment: { PATH: '/opt/bin' } },
      '"argv":["sort-fast"]',
    ],
    [
      'an input file for each task',
      { ...command, stdinFile: 'in-{index}-of-{tasks}' },
      '"stdinFile":"/project/in-{index}-of-{tasks}"',
    ],
    [
      'an input file for each seed',
      { ...command, stdinFile: 'words-{seed}' },
      '"stdinFile":"/project/words-{seed}"',
    ],
    [
      'a program whose name depends on the task',
      { ...command, argv: ['tool-{index}'] },
      '"argv":["tool-{index}"]',
    ],
  ])('may be %s', (_, target, expected) => {
    expect(check(target)).toContain(expected);
  });

  it.each<[WorkTarget, string]>([
    [{ kind: 'module', path: 'tsak.ts' }, 'The module /project/tsak.ts does not exist.'],
    [{ kind: 'module', path: 'tools' }, 'The module /project/tools is a folder.'],
    [
      { kind: 'module', path: 'notes.txt' },
      'The module /project/notes.txt is neither JavaScript nor TypeScript.',
    ],
    [
      { kind: 'function', path: 'clac.py', functionName: 'main', args: [] },
      'The Python file /project/clac.py does not exist.',
    ],
    [
      { kind: 'function', path: 'calc.py', functionName: 'main()', args: [] },
      '"main()" cannot be the name of a Python function.',
    ],
    [{ ...command, argv: ['srot'] }, 'There is no command "srot".'],
    [{ ...command, argv: ['./run.sh'] }, 'There is no command "./run.sh".'],
    [
      { ...command, cwd: 'nowhere' },
      'The folder /project/nowhere, in which the command is to run, does not exist.',
    ],
    [{ ...command, stdinFile: 'part-{index}' }, 'The input file /project/part-1 does not exist.'],
    [{ ...command, stdinFile: 'nothing.txt' }, 'The input file /project/nothing.txt does not exist.'],
  ])('%j is refused', (target, message) => {
    expect(check(target)).toBe(message);
  });
});
