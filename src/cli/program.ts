import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { version } from '../../package.json';
import { addCompareOptions } from './compare-options.ts';
import { commandNotes, programExamples } from './help-text.ts';
import { addRecordingCommands } from './recording-commands.ts';
import { addRunOptions } from './run/run-options.ts';
import { listWorkloads } from './workloads.ts';
import { addWatchOptions } from './watch/watch-options.ts';
import { exitCodes, printProblem, type Terminal } from './terminal.ts';

/** Returns what runs one command line (without the program's own name) and answers its exit code. */
export function createProgram(terminal: Terminal): (args: readonly string[]) => Promise<number> {
  return async (args) => {
    let exitCode: number = exitCodes.success;
    const cut = args.indexOf('--');
    const program = defineProgram(terminal, {
      command: cut === -1 ? null : args.slice(cut + 1),
      end: (code) => {
        exitCode = code;
      },
    });
    try {
      await program.parseAsync(cut === -1 ? args : args.slice(0, cut), { from: 'user' });
    } catch (error) {
      // Commander's way to end: help and version with 0, everything else is wrong usage and has been printed.
      if (!(error instanceof CommanderError)) throw error;
      return error.exitCode === 0 ? exitCodes.success : exitCodes.badInput;
    }
    return exitCode;
  };
}

/** Those that run what stands behind `--`. */
const takesCommand: ReadonlySet<string> = new Set(['compare', 'run', 'record']);

/**
 * The whole command line. Commands are loaded when they are called, so that help and problems come at once.
 *
 * `command` is what stands behind `--`, which commander could not tell from what stands before it. `end` is told the
 * exit code of the command that was run.
 */
export function defineProgram(
  terminal: Terminal,
  { command, end }: { readonly command: readonly string[] | null; readonly end: (exitCode: number) => void },
): CommandUnknownOpts {
  const program = new Command('corescope')
    .description('Should this work run as threads or as processes, and how many? Measured on this machine.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: (text) => printUsageError(terminal, text),
    })
    // With [options] behind every name no room would be left for what they do in 80 columns.
    .configureHelp({ subcommandTerm })
    .addHelpText('after', programExamples)
    .hook('preAction', (_, called) => {
      if (command === null || takesCommand.has(called.name())) return;
      called.error(`error: ${called.name()} takes no command behind --.`);
    });

  const compareCommand = program
    .command('compare')
    .description(
      'run a workload as serial, threads and processes, and say which is fastest and what it costs',
    )
    .usage('[options] <workload | file | file.py:function | -- command...>')
    .argument('[workload]', 'a workload, a JS or TS file, file.py:function, or a Python script')
    .addHelpText('after', commandNotes['compare'] ?? '');
  addCompareOptions(compareCommand).action(async (workload, options) => {
    const { compare } = await import('./compare.ts');
    end(await compare(workload, { ...options, command }, terminal, version));
  });

  const runCommand = program
    .command('run')
    .description('run one strategy, once or several times, and tell what it took')
    .usage('[options] <workload | file | file.py:function | -- command...>')
    .argument('[workload]', 'a workload, a JS or TS file, file.py:function, or a Python script')
    .addHelpText('after', commandNotes['run'] ?? '');
  addRunOptions(runCommand).action(async (workload, options) => {
    const { run } = await import('./run/run.ts');
    end(await run(workload === undefined ? [] : [workload], command, options, terminal, version));
  });

  const attachCommand = program
    .command('attach')
    .description('watch a process that runs, with all that it started, until it ends')
    .argument('<pid>', 'its number, as ps or pgrep tells it')
    .addHelpText('after', commandNotes['attach'] ?? '');
  addWatchOptions(attachCommand).action(async (pid, options) => {
    const { attach } = await import('./watch/watch.ts');
    end(await attach(pid, options, terminal, version));
  });

  const recordCommand = program
    .command('record')
    .description('run a command and watch it, with all that it starts, until it ends')
    .usage('[options] -- <command...>')
    .addHelpText('after', commandNotes['record'] ?? '');
  addWatchOptions(recordCommand).action(async (options) => {
    const { record } = await import('./watch/watch.ts');
    end(await record(command, options, terminal, version));
  });

  program
    .command('differences')
    .description('measure what threads and processes cost and can do on this machine, in Node and Python')
    .option('--runtime <name>', 'only this one (default: node and python)')
    .option('--quick', 'one round instead of three')
    .option('--python <path>', 'the Python interpreter to use (default: python3 on the PATH)')
    .option('--explain', 'say of each cell how it was measured')
    .option('--json <file>', 'write the table as JSON; - prints it instead of the text')
    .option('--quiet', 'no progress, only the result and problems')
    .addHelpText('after', commandNotes['differences'] ?? '')
    .action(async (options) => {
      const { differences } = await import('./differences/differences.ts');
      end(await differences(options, terminal, version));
    });

  program
    .command('workloads')
    .description('list what can be run, with its parameters')
    .option('--json', 'print the list as JSON')
    .addHelpText('after', commandNotes['workloads'] ?? '')
    .action((options) => {
      end(listWorkloads(options, terminal));
    });

  program
    .command('doctor')
    .description('check that everything that is needed is here, and tell what the sampler can read')
    .option('--python <path>', 'the Python interpreter to check')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', commandNotes['doctor'] ?? '')
    .action(async (options) => {
      const { examine } = await import('./doctor/doctor.ts');
      end(await examine(options, terminal));
    });

  addRecordingCommands(program, terminal, version, end);

  program
    .command('init')
    .description('write a template for work of your own')
    .argument('<kind>', 'js, ts, python or command')
    .argument('[file]', 'where to; - prints it (default: task.mjs, task.ts, task.py, task.sh)')
    .option('--quiet', 'only the name of the file')
    .addHelpText('after', commandNotes['init'] ?? '')
    .action(async (kind, file, options) => {
      const { init } = await import('./init/init.ts');
      end(await init(kind, file, options, terminal));
    });

  program
    .command('completion')
    .description('print the completion script of a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', commandNotes['completion'] ?? '')
    .action(async (shell) => {
      const { printCompletion } = await import('./completion/completion.ts');
      end(printCompletion(shell, program, terminal));
    });

  return program;
}

/** `attach <pid>` */
function subcommandTerm(command: CommandUnknownOpts): string {
  const words = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...words].join(' ');
}

/** Commander writes `error: what\n(Did you mean …?)`: brought into the form of every other problem. */
function printUsageError(terminal: Terminal, text: string): void {
  const [message = '', suggestion] = text.trim().split('\n');
  printProblem(terminal, {
    kind: 'usage',
    message: `${message.replace(/^error: /, '')}.`,
    advice: suggestion?.replace(/^\((.*)\)$/, '$1') ?? 'See: corescope --help, corescope compare --help',
  });
}
