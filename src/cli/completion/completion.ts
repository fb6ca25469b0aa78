import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { nearestName } from '../../engine/nearest-name.ts';
import { describeProgram } from '../command-model.ts';
import { exitCodes, printProblem, type Terminal } from '../terminal.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export const shells = ['bash', 'zsh', 'fish'] as const satisfies readonly (keyof typeof scripts)[];

/** Prints the completion script of a shell. Answers the exit code. */
export function printCompletion(shellName: string, program: CommandUnknownOpts, terminal: Terminal): number {
  const shell = shells.find((known) => known === shellName);
  if (shell === undefined) {
    const nearest = nearestName(shellName, shells);
    printProblem(terminal, {
      kind: 'unknown-shell',
      message: `There is no completion for the shell "${shellName}".`,
      advice: `${nearest === null ? '' : `Did you mean "${nearest}"? `}Known: ${shells.join(', ')}.`,
    });
    return exitCodes.badInput;
  }
  terminal.out.write(scripts[shell](describeProgram(program)));
  return exitCodes.success;
}
