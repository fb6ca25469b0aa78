import type { JsonValue, Runtime, WorkTarget } from '../../shared/workload.ts';
import { quoteWord, splitCommandLine } from './command-line.ts';

/** The fields for the user's own work, of each runtime, and the target that they make. */
export class OwnWork {
  modulePath = $state('');
  functionPath = $state('');
  functionName = $state('');
  /** JSON: what is passed to the function. */
  argsText = $state('[]');
  commandLine = $state('');
  /** Where a command runs; empty: where Corescope runs. */
  folder = $state('');
  /** What a command reads; empty: nothing. */
  stdinFile = $state('');
  /** A line for each variable of a command: NAME=value. */
  environmentText = $state('');

  /** The target, or in words what is missing. */
  target(runtime: Runtime): WorkTarget | string {
    switch (runtime) {
      case 'node':
        if (this.modulePath === '') return 'Choose your module.';
        return { kind: 'module', path: this.modulePath };
      case 'python':
        return this.#functionTarget();
      case 'command':
        return this.#commandTarget();
    }
  }

  /** Takes a file by what its name ends in; null: the runtime that it is now for; otherwise why it cannot be taken. */
  takeFile(path: string): { readonly runtime: Runtime } | { readonly reason: string } {
    if (/\.[cm]?[jt]s$/i.test(path)) {
      this.modulePath = path;
      return { runtime: 'node' };
    }
    if (/\.py$/i.test(path)) {
      this.functionPath = path;
      return { runtime: 'python' };
    }
    return { reason: 'Corescope takes .js, .ts and .py files. Anything else can be run as a command.' };
  }

  /** The Python file as a script instead of one function of it. */
  takeAsScript(python: string): void {
    this.commandLine = `${quoteWord(python)} ${quoteWord(this.functionPath)}`;
  }

  #functionTarget(): WorkTarget | string {
    if (this.functionPath === '') return 'Choose your Python file.';
    if (!/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(this.functionName))
      return 'Name the function of your Python file.';
    const args = parseArguments(this.argsText);
    if (args === null) return 'The arguments must be a JSON list, such as [1000, "{index}"].';
    return { kind: 'function', path: this.functionPath, functionName: this.functionName, args };
  }

  #commandTarget(): WorkTarget | string {
    const split = splitCommandLine(this.commandLine);
    if (!split.ok) return split.reason;
    if (split.argv.length === 0) return 'Write the command that is to be run.';
    const environment = parseEnvironment(this.environmentText);
    if (typeof environment === 'string') return environment;
    const cwd = this.folder === '' ? null : this.folder;
    const stdinFile = this.stdinFile === '' ? null : this.stdinFile;
    return { kind: 'command', argv: split.argv, cwd, stdinFile, environment };
  }
}

/** Variables by name, or in words what is none. */
function parseEnvironment(text: string): Readonly<Record<string, string>> | string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const stray = lines.find((line) => line.trimStart().indexOf('=') < 1);
  if (stray !== undefined) return `"${stray.trim()}" is no variable: write it like THREADS=1.`;
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
  );
}

function parseArguments(text: string): readonly JsonValue[] | null {
  if (text.trim() === '') return [];
  try {
    const parsed: unknown = JSON.parse(text);
    // What JSON.parse gives is made of JSON values.
    return Array.isArray(parsed) ? (parsed as JsonValue[]) : null;
  } catch {
    return null;
  }
}
