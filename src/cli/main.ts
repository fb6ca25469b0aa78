import { createProgram } from './program.ts';
import { createTerminal } from './terminal.ts';

/** `corescope … | head` ends the pipe early: not an error of ours, and nobody is left to tell. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
/** Notes that nobody reads any more must not end what is measured, nor change the exit code. */
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const run = createProgram(createTerminal(process.stdout, process.stderr));
process.exitCode = await run(process.argv.slice(2));
