import { Command, CommanderError } from '@commander-js/extra-typings';
import { version } from '../../package.json';
import { addCompareOptions } from './compare-options.ts';
import { addRecordingCommands } from './recording-commands.ts';
import { listWorkloads } from './workloads.ts';
import { exitCodes, printProblem, type Terminal } from './terminal.ts';

const examples = `
Examples:
  corescope compare count-loop                        threads or processes? in Node, on all cores
  corescope compare count-loop --runtime python       the same question in Python
  corescope compare sleep --workers 4 --quick         a quick look at work that waits
  corescope workloads                                 what can be run, and its parameters
  corescope doctor                                    whether everything that is needed is here
`;

const compareExamples = `
Results go to stdout, everything else to stderr.
Exit codes: 0 done, 2 wrong usage or input, 3 a run failed, 130 cancelled with Ctrl-C.

Examples:
  corescope compare count-loop --runtime python --workers 4
  corescope compare count-loop --param n=5000000 --param rounds=10
  corescope compare sleep --strategies threads,processes --tasks 32
  corescope compare count-loop --workers auto --blocks auto --objective leanest
  corescope compare count-loop --json result.json --report result.html
  corescope compare count-loop --quiet --json - | jq .verdict.sentence
`;

const workloadsExamples = `
Examples:
  corescope workloads
  corescope workloads --json | jq '.[].id'
`;

const doctorExamples = `
Exit codes: 0 everything is here, 1 something is missing.

Examples:
  corescope doctor
  corescope doctor --python /opt/python3.13/bin/python3
  corescope doctor --json | jq '.metrics[] | select(.available | not).name'
`;

/**
 * Commands are loaded when they are called, so that help and problems come at once.
 *
 * Returns what runs one command line (without the program's own name) and answers its exit code.
 */
export function createProgram(terminal: Terminal): (args: readonly string[]) => Promise<number> {
  let exitCode: number = exitCodes.success;
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
    .addHelpText('after', examples);

  const compareCommand = program
    .command('compare')
    .description(
      'run a workload as serial, threads and processes, and say which is fastest and what it costs',
    )
    .argument('[workload]', 'what to run; see: corescope workloads')
    .addHelpText('after', compareExamples);
  addCompareOptions(compareCommand).action(async (workload, options) => {
    const { compare } = await import('./compare.ts');
    exitCode = await compare(workload, options, terminal, version);
  });

  program
    .command('workloads')
    .description('list what can be run, with its parameters')
    .option('--json', 'print the list as JSON')
    .addHelpText('after', workloadsExamples)
    .action((options) => {
      exitCode = listWorkloads(options, terminal);
    });

  program
    .command('doctor')
    .description('check that everything that is needed is here, and tell what the sampler can read')
    .option('--python <path>', 'the Python interpreter to check')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', doctorExamples)
    .action(async (options) => {
      const { examine } = await import('./doctor/doctor.ts');
      exitCode = await examine(options, terminal);
    });

  addRecordingCommands(program, terminal, version, (code) => {
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

/** Commander writes `error: what\n(Did you mean …?)`: brought into the form of every other problem. */
function printUsageError(terminal: Terminal, text: string): void {
  const [message = '', suggestion] = text.trim().split('\n');
  printProblem(terminal, {
    kind: 'usage',
    message: `${message.replace(/^error: /, '')}.`,
    advice: suggestion?.replace(/^\((.*)\)$/, '$1') ?? 'See: corescope --help, corescope compare --help',
  });
}
