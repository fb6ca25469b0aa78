import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program under measurement, in a process group of its own, that speaks in lines on its standard output. */
export interface Child {
  readonly pid: number;
  /** The next line. Rejects when the program ends first. */
  nextLine(): Promise<string>;
  /** Asks the program to end, waits until it has, and gives the lines that it still wrote. */
  stop(): Promise<string[]>;
}

export interface ChildOptions {
  /** The logical core that the program may run on; any by default. Needs `taskset`. */
  readonly core?: number;
  /** Drops what the program says on standard error: for programs that comment on being stopped. */
  readonly quiet?: boolean;
}

/** After this long a program that was asked to end is killed. */
const patienceMs = 3000;

export function startChild(command: readonly string[], options: ChildOptions = {}): Child {
  const words = options.core === undefined ? command : ['taskset', '-c', String(options.core), ...command];
  const [program = '', ...parameters] = words;
  const child = spawn(program, parameters, {
    detached: true,
    stdio: ['ignore', 'pipe', options.quiet === true ? 'ignore' : 'inherit'],
    env: { ...process.env, LC_ALL: 'C', TERM: 'xterm' },
  });
  const pid = child.pid ?? Number.NaN;
  if (Number.isNaN(pid)) throw new Error(`${program} could not be started`);

  const lines: string[] = [];
  let wake = (): void => undefined;
  let hasEnded = false;
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => {
    lines.push(line);
    wake();
  });
  const ended = Promise.all([once(child, 'exit'), once(output, 'close')]).then(() => {
    hasEnded = true;
    wake();
  });

  function signal(name: NodeJS.Signals): void {
    try {
      process.kill(-pid, name);
    } catch {
      // The group is gone already.
    }
  }

  return {
    pid,
    async nextLine() {
      for (;;) {
        const line = lines.shift();
        if (line !== undefined) return line;
        if (hasEnded) throw new Error(`${words.join(' ')} ended before it answered`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    async stop() {
      signal('SIGTERM');
      const timer = setTimeout(() => {
        signal('SIGKILL');
      }, patienceMs);
      await ended;
      clearTimeout(timer);
      return lines.splice(0);
    },
  };
}

/** The command for one of our own programs, by its name in `bench/vite.config.ts`. */
export function ownProgram(name: string, ...parameters: readonly (string | number)[]): string[] {
  return [process.execPath, join(import.meta.dirname, `${name}.js`), ...parameters.map(String)];
}
