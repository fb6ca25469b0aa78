import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StrategyId, WorkloadParams } from '../../../shared/workload.ts';
import { isRecord } from '../protocol.ts';
import { describeError, WorkError } from './failure.ts';
import { resultText } from './result-text.ts';

/** What a user's task function is given. */
export interface ModuleInput {
  /** From 0. */
  readonly task: number;
  readonly tasks: number;
  readonly worker: number;
  readonly workers: number;
  readonly strategy: StrategyId;
  readonly seed: number;
  readonly params: WorkloadParams;
}

type ModuleTask = (input: ModuleInput) => string | Promise<string>;

const fix = 'write "export default function task({ task }) { … }" there';
const inputWords = 'it is given { task, tasks, worker, workers, strategy, seed, params }';

/**
 * Loads the default export of a user's file: .js, .mjs, .cjs, and TypeScript as it is. Throws with words for the
 * user. What it returns gives the text of the function's result.
 */
export async function loadModule(file: string): Promise<ModuleTask> {
  let exported: unknown;
  try {
    exported = await importFile(file);
  } catch (error) {
    const words = describeError(error).replace(/\s+/g, ' ');
    throw new WorkError(`the module ${file} could not be loaded: ${words}${await placeOf(file, error)}`, {
      cause: error,
    });
  }
  const task = findDefault(exported);
  if (task === undefined) throw new WorkError(`the module ${file} has no default export: ${fix}`);
  if (!isFunction(task)) {
    throw new WorkError(`the default export of ${file} is not a function but ${describeType(task)}: ${fix}`);
  }
  if (task.length > 1) {
    throw new WorkError(
      `the task function of ${file} takes ${task.length} arguments, but is called with one object: ${fix}; ${inputWords}`,
    );
  }
  function textOf(result: unknown): string {
    try {
      return resultText(result);
    } catch (error) {
      throw new WorkError(
        `the task function of ${file} ${error instanceof Error ? error.message : String(error)}; return numbers, texts, lists or plain objects`,
      );
    }
  }
  return (input) => {
    let result: unknown;
    try {
      result = task(input);
    } catch (error) {
      throw describeThrow(error, file);
    }
    // Waiting for what is there already would cost a short task as much as it takes.
    if (!isThenable(result)) return textOf(result);
    return Promise.resolve(result).then(textOf, (error: unknown) => {
      throw describeThrow(error, file);
    });
  };
}

/** What the function threw, with the place in its file, and with what it was given where that may be the mistake. */
function describeThrow(error: unknown, file: string): Error {
  const hint = error instanceof TypeError ? `; ${inputWords}` : '';
  return new WorkError(
    `the task function of ${file}${lineIn(file, error)} threw ${describeError(error)}${hint}`,
    {
      cause: error,
    },
  );
}

/**
 * ` (line 3)`, or with its path where it is another file that it imports. Node keeps the place of what could not be
 * parsed to itself until an error ends the process, so one is ended by it: nothing of the module runs before all that
 * it imports is parsed. Translators write the place into their message.
 */
async function placeOf(file: string, error: unknown): Promise<string> {
  const inStack = error instanceof Error ? (parsePlace(error.stack ?? '') ?? lineIn(file, error)) : '';
  if (typeof inStack !== 'string') return describePlace(file, inStack);
  if (inStack !== '' || !(error instanceof SyntaxError)) return inStack;
  // Only now: a measured process loads nothing that its work does not need.
  const { spawnSync } = await import('node:child_process');
  const statement = `import ${JSON.stringify(pathToFileURL(file).href)}`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', statement], {
    encoding: 'utf8',
    timeout: parseAgainMs,
  });
  const place = parsePlace(stderr);
  return place === null ? '' : describePlace(file, place);
}

/** For a process that does nothing but parse; what cannot be told in that time is left out. */
const parseAgainMs = 5_000;

interface Place {
  readonly path: string;
  readonly line: string;
}

/** Above the stack of an error of the parser stands `FILE:LINE`. */
function parsePlace(text: string): Place | null {
  const [, name, line] = /^(file:\/\/\S+|\/.+|[A-Z]:\\.+):(\d+)$/.exec(text.split(/\r?\n/)[0] ?? '') ?? [];
  if (name === undefined || line === undefined) return null;
  return { path: name.startsWith('file:') ? fileURLToPath(name) : name, line };
}

function describePlace(file: string, { path: name, line }: Place): string {
  return name === file ? ` (line ${line})` : ` (${name}, line ${line})`;
}

/** ` (line 3)`: the innermost line of the user's file, where the stack names it. */
function lineIn(file: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  for (const place of places) {
    for (const name of [pathToFileURL(file).href, file]) {
      const line = place.includes(`${name}:`)
        ? /^:(\d+)/.exec(place.slice(place.indexOf(name) + name.length))
        : null;
      if (line !== null) return ` (line ${line[1]})`;
    }
  }
  return '';
}

const typeScriptFile = /\.[cm]?ts$/;
/** What Node says of TypeScript that it cannot strip, or whose imports are not written as Node wants them. */
const notForNode = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_MODULE_NOT_FOUND',
  'ERR_UNSUPPORTED_DIR_IMPORT',
]);

async function importFile(file: string): Promise<unknown> {
  if (!typeScriptFile.test(file)) return importNatively(file);
  if (stripsTypes()) {
    try {
      return await importNatively(file);
    } catch (error) {
      // All of these come up before anything of the module has run, so that it does not run twice.
      if (!(error instanceof Error && 'code' in error && notForNode.has(String(error.code)))) throw error;
    }
  }
  const { createJiti } = await import('jiti');
  return createJiti(import.meta.url, { fsCache: cacheFolder() }).import(file);
}

function importNatively(file: string): Promise<unknown> {
  return import(pathToFileURL(file).href);
}

/** Whether this Node takes TypeScript as it is (22.18 and newer). */
function stripsTypes(): boolean {
  const features: object = process.features;
  return 'typescript' in features && Boolean(features.typescript);
}

/**
 * Where translated files are kept, so that only the first run of a comparison pays for it. Under the user's own
 * folders: what lies here is run, and anybody can write to the system's temporary folder.
 */
function cacheFolder(): string {
  const { XDG_CACHE_HOME = '', LOCALAPPDATA = '' } = process.env;
  const parent = XDG_CACHE_HOME || LOCALAPPDATA || path.join(os.homedir(), '.cache');
  return path.join(parent, 'corescope', 'typescript');
}

/** TypeScript that was translated to CommonJS has its default export one level further down. */
function findDefault(exported: unknown): unknown {
  if (typeof exported !== 'object' || exported === null || !('default' in exported)) return undefined;
  const { default: task } = exported;
  return isRecord(task) && task['__esModule'] === true ? task['default'] : task;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function isFunction(value: unknown): value is (input: ModuleInput) => unknown {
  return typeof value === 'function';
}

function describeType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
