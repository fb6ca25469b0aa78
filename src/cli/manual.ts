import { describeProgram } from './command-model.ts';
import { commandNotes, programExamples } from './help-text.ts';
import { manPage } from './man-page.ts';
import { defineProgram } from './program.ts';
import { createTerminal } from './terminal.ts';

/** The manual of this very program; scripts/man-page.mjs writes it to docs/corescope.1. */
export function manual(): string {
  const program = defineProgram(createTerminal(process.stdout, process.stderr), {
    command: null,
    end: () => undefined,
  });
  return manPage(describeProgram(program), { examples: programExamples, commands: commandNotes });
}
