import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { version } from '../../package.json';
import { addCompareOptions } from './compare-options.ts';
import { commandNotes, programExamples } from './help-text.ts';
import { listWorkloads } from './workloads.ts';
import { exitCodes, printProblem, type Terminal } from './terminal.ts';

/** Returns what runs one command line (without the program's own name) and answers its exit code. */
export function createProgram(terminal: Terminal): (args: readonly string[]) => Promise<number> {
  let exitCode: number = exitCodes.success;
  const program = defineProgram(terminal, (code) => {
    exitCode = code;
  });
  return async (args) => {
    try {
      await program.parseAsync(args, { from: 'user' });
    } catch (error) {
      // Commander's way to end: help and version with 0, everything else is wrong usage and has been printed.
      if (!(error instanceof CommanderError)) throw error;
      return error.exitCode === 0 ? exitCodes.success : exitCodes.badInput;
    }
    return exitCode;
  };
}

/**
 * The whole command line. Commands are loaded when they are called, so that help and problems come at once.
 *
 * `end` is told the exit code of the command that was run.
 */
export function defineProgram(terminal: Terminal, end: (exitCode: number) => void): CommandUnknownOpts {
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
    .addHelpText('after', programExamples);

  const compareCommand = program
    .command('compare')
    .description(
      'run a workload as serial, threads and processes, and say which is fastest and what it costs',
    )
    .argument('<workload>', 'what to run; see: corescope workloads')
    .addHelpText('after', commandNotes['compare'] ?? '');
  addCompareOptions(compareCommand).action(async (workload, options) => {
    const { compare } = await import('./compare.ts');
    end(await compare(workload, options, terminal, version));
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

/** Commander writes `error: what\n(Did you mean …?)`: brought into the form of every other problem. */
function printUsageError(terminal: Terminal, text: string): void {
  const [message = '', suggestion] = text.trim().split('\n');
  printProblem(terminal, {
    kind: 'usage',
    message: `${message.replace(/^error: /, '')}.`,
    advice: suggestion?.replace(/^\((.*)\)$/, '$1') ?? 'See: corescope --help, corescope compare --help',
  });
}
