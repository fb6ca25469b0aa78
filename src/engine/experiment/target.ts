import { statSync } from 'node:fs';
import path from 'node:path';
import which from 'which';
import { fail, type Problem, succeed, type Result } from '../../shared/result.ts';
import type { WorkTarget } from '../../shared/workload.ts';
import { fillIn } from '../runner/task-words.ts';

/** What is looked at to check a target; tests put another system in. */
export interface TargetSurroundings {
  readonly cwd: string;
  readonly typeOf: (path: string) => 'file' | 'folder' | null;
  /** Whether a program of that name is found in the folders of `searchPath`, as the PATH variable lists them. */
  readonly isProgram: (name: string, searchPath: string) => boolean;
  readonly searchPath: string;
}

export function ownTargetSurroundings(): TargetSurroundings {
  return {
    cwd: process.cwd(),
    typeOf(path) {
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats === undefined) return null;
      return stats.isDirectory() ? 'folder' : 'file';
    },
    isProgram: (name, searchPath) => which.sync(name, { nothrow: true, path: searchPath }) !== null,
    searchPath: process.env['PATH'] ?? process.env['Path'] ?? '',
  };
}

const moduleTypes = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/** What a command can be told of its tasks. */
export interface TaskNames {
  readonly tasks: number;
  readonly seed: number;
}

/** Checks that what the target names is there, for every task. All paths in the result are absolute. */
export function checkTarget(
  target: WorkTarget,
  names: TaskNames,
  surroundings: TargetSurroundings,
): Result<WorkTarget> {
  switch (target.kind) {
    case 'module':
      return checkModule(target, surroundings);
    case 'function':
      return checkFunction(target, surroundings);
    case 'command':
      return checkCommand(target, names, surroundings);
  }
}

function checkModule(
  target: Extract<WorkTarget, { kind: 'module' }>,
  surroundings: TargetSurroundings,
): Result<WorkTarget> {
  const file = path.resolve(surroundings.cwd, target.path);
  const missing = describeMissingFile('module', file, surroundings);
  if (missing !== null) return { ok: false, problem: missing };
  if (moduleTypes.includes(path.extname(file).toLowerCase())) return succeed({ ...target, path: file });
  return fail(
    'not-a-module',
    `The module ${file} is neither JavaScript nor TypeScript.`,
    `Choose a file that ends in ${moduleTypes.join(', ')}, or run it as a command.`,
  );
}

function checkFunction(
  target: Extract<WorkTarget, { kind: 'function' }>,
  surroundings: TargetSurroundings,
): Result<WorkTarget> {
  const file = path.resolve(surroundings.cwd, target.path);
  const missing = describeMissingFile('Python file', file, surroundings);
  if (missing !== null) return { ok: false, problem: missing };
  if (/^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(target.functionName)) {
    return succeed({ ...target, path: file });
  }
  return fail(
    'not-a-function',
    `"${target.functionName}" cannot be the name of a Python function.`,
    'Write it as it stands behind "def" in the file.',
  );
}

function checkCommand(
  target: Extract<WorkTarget, { kind: 'command' }>,
  names: TaskNames,
  surroundings: TargetSurroundings,
): Result<WorkTarget> {
  const cwd = target.cwd === null ? null : path.resolve(surroundings.cwd, target.cwd);
  if (cwd !== null && surroundings.typeOf(cwd) !== 'folder') {
    return fail(
      'folder-not-found',
      `The folder ${cwd}, in which the command is to run, does not exist.`,
      'Create it, or leave it out to run the command where Corescope was started.',
    );
  }
  const stdinFile = target.stdinFile === null ? null : path.resolve(surroundings.cwd, target.stdinFile);
  const missing = stdinFile === null ? null : describeMissingInput(stdinFile, names, surroundings);
  if (missing !== null) return { ok: false, problem: missing };
  const [program = ''] = target.argv;
  // A name that differs from task to task can only be looked for when its task comes.
  if (!program.includes('{') && !isThere(program, cwd, target, surroundings)) {
    return fail(
      'command-not-found',
      `There is no command "${program}".`,
      path.basename(program) === program
        ? 'Check its name, or give the whole path: no folder of the PATH holds a program of that name.'
        : 'Check the path: there is no program that may be run.',
    );
  }
  return succeed({ ...target, cwd, stdinFile });
}

/** Looking for them all would take seconds where there are very many; the others fail when their task comes. */
const mostInputsLookedFor = 10_000;

/** The first of the tasks' input files that is not there. */
function describeMissingInput(
  file: string,
  names: TaskNames,
  surroundings: TargetSurroundings,
): Problem | null {
  const files = file.includes('{index}') ? Math.min(names.tasks, mostInputsLookedFor) : 1;
  for (let task = 0; task < files; task += 1) {
    const missing = describeMissingFile('input file', fillIn(file, task, names), surroundings);
    if (missing !== null) return missing;
  }
  return null;
}

function isThere(
  program: string,
  cwd: string | null,
  { environment }: Extract<WorkTarget, { kind: 'command' }>,
  surroundings: TargetSurroundings,
): boolean {
  const isPath = path.basename(program) !== program;
  const name = isPath ? path.resolve(cwd ?? surroundings.cwd, program) : program;
  return surroundings.isProgram(name, environment['PATH'] ?? surroundings.searchPath);
}

function describeMissingFile(what: string, file: string, { typeOf }: TargetSurroundings): Problem | null {
  const type = typeOf(file);
  if (type === 'file') return null;
  return fail(
    'file-not-found',
    type === 'folder' ? `The ${what} ${file} is a folder.` : `The ${what} ${file} does not exist.`,
    'Check the path; it is taken from where Corescope was started.',
  ).problem;
}
