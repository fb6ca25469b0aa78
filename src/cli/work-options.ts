import { z } from 'zod';
import { type Command, Option } from '@commander-js/extra-typings';
import { fail, succeed, type Result } from '../shared/result.ts';
import type { JsonValue, WorkTarget } from '../shared/workload.ts';
import { workloads } from '../engine/workloads/index.ts';

/** How one's own work is given on the command line; all unchecked words. */
export interface WorkOptions {
  readonly runtime: string;
  readonly args?: string | undefined;
  readonly cwd?: string | undefined;
  readonly stdin?: string | undefined;
  readonly env: readonly string[];
  readonly python?: string | undefined;
}

/** The part of a plan that says what is run; `parsePlan` checks the rest of it. */
export interface ChosenWork {
  readonly id: string;
  readonly runtime: string;
  readonly target: WorkTarget | null;
}

/** The return type is inferred: commander makes the type of the parsed options from these lines. */
export function addWorkOptions<Args extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Args, Options>,
) {
  return command
    .option('--args <json>', 'what a Python function is called with, like \'["{index}"]\' (default: nothing)')
    .option('--cwd <path>', 'the folder in which a command runs (default: this one)')
    .option('--stdin <file>', 'what a command reads, like in-{index}.txt (default: nothing)')
    .addOption(
      new Option('--env <name=value>', 'a variable for a command; can be repeated')
        .default<readonly string[]>([], 'none')
        .argParser<readonly string[]>((value, earlier) => [...earlier, value]),
    );
}

const moduleFile = /\.[cm]?[jt]s$/i;
const pythonFile = /\.py$/i;
const pythonFunction = /^(?<path>.+\.py):(?<functionName>[^:/\\]+)$/iu;

/**
 * What the words name: a workload of the catalogue, a JS or TS file, `file.py:function`, a Python script, or the
 * command behind `--` (null: there was no `--`). Fails for options that do not go with it.
 */
export function chooseWork(
  words: readonly string[],
  command: readonly string[] | null,
  options: WorkOptions,
): Result<ChosenWork> {
  const chosen = nameWork(words, command, options);
  if (!chosen.ok) return chosen;
  const kind = chosen.value.target?.kind ?? null;
  if (options.args !== undefined && kind !== 'function') {
    return strayOption('--args', 'a Python function', 'file.py:function');
  }
  const commandOption =
    options.cwd !== undefined ? '--cwd' : options.stdin !== undefined ? '--stdin' : '--env';
  const hasCommandOption = options.cwd !== undefined || options.stdin !== undefined || options.env.length > 0;
  if (hasCommandOption && kind !== 'command') return strayOption(commandOption, 'a command', '-- COMMAND');
  return chosen;
}

function strayOption(option: string, what: string, form: string): Result<never> {
  return fail('stray-option', `${option} only goes with ${what}.`, `Leave it out, or give ${what}: ${form}`);
}

function nameWork(
  words: readonly string[],
  command: readonly string[] | null,
  options: WorkOptions,
): Result<ChosenWork> {
  const [work, ...more] = words;
  if (command !== null) {
    if (work !== undefined) {
      return fail(
        'two-works',
        `Both "${work}" and the command "${command.join(' ')}" are given.`,
        'Give one of them: a workload or file, or -- and a command.',
      );
    }
    return command.length === 0
      ? fail('no-command', 'Nothing stands behind --.', 'Write the command there: -- COMMAND ARGUMENTS')
      : commandWork(command, options);
  }
  if (work === undefined) {
    return fail(
      'no-work',
      'Nothing to run is given.',
      'Name a workload, a file of your own, or -- and a command; list the workloads with: corescope workloads',
    );
  }
  const [stray] = more;
  if (stray !== undefined) {
    return fail(
      'stray-word',
      `"${stray}" behind "${work}" is not understood.`,
      'Give one workload or file; a command with its arguments goes behind --.',
    );
  }
  if (workloads.some(({ id }) => id === work)) {
    return succeed({ id: work, runtime: options.runtime, target: null });
  }
  const python = pythonFunction.exec(work)?.groups;
  if (python !== undefined) {
    const args = readArguments(options.args);
    if (!args.ok) return args;
    const { path = '', functionName = '' } = python;
    return succeed({
      id: 'function',
      runtime: 'python',
      target: { kind: 'function', path, functionName, args: args.value },
    });
  }
  if (moduleFile.test(work)) {
    return succeed({ id: 'module', runtime: 'node', target: { kind: 'module', path: work } });
  }
  if (pythonFile.test(work)) return commandWork([options.python ?? 'python3', work], options);
  if (/[/\\]/.test(work)) {
    return fail(
      'unknown-file',
      `"${work}" is neither a JavaScript or TypeScript file, nor Python.`,
      `Run it as a command: -- ${work}`,
    );
  }
  return succeed({ id: work, runtime: options.runtime, target: null });
}

function commandWork(argv: readonly string[], options: WorkOptions): Result<ChosenWork> {
  const environment: [string, string][] = [];
  for (const text of options.env) {
    const at = text.indexOf('=');
    if (at < 1) {
      return fail(
        'invalid-variable',
        `--env ${text} is not a name with a value.`,
        'Write it like --env THREADS=1.',
      );
    }
    environment.push([text.slice(0, at), text.slice(at + 1)]);
  }
  return succeed({
    id: 'command',
    runtime: 'command',
    target: {
      kind: 'command',
      argv,
      cwd: options.cwd ?? null,
      stdinFile: options.stdin ?? null,
      environment: Object.fromEntries(environment),
    },
  });
}

function readArguments(text: string | undefined): Result<readonly JsonValue[]> {
  if (text === undefined) return succeed([]);
  const refused = fail(
    'invalid-arguments',
    `--args ${text} is not a JSON list.`,
    `Write it like --args '["{index}", 10]', in quotes.`,
  );
  try {
    const args = z.array(z.json()).safeParse(JSON.parse(text));
    return args.success ? succeed(args.data) : refused;
  } catch {
    return refused;
  }
}
