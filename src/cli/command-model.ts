import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { workloads } from '../engine/workloads/index.ts';
import { objectives } from '../shared/experiment-analysis.ts';
import { runtimes, startMethods, strategyIds } from '../shared/workload.ts';
import { commandLinePrivacies } from '../shared/recording.ts';
import { recordingActions } from './recordings/actions.ts';
import { templateKinds } from './init/templates.ts';

/**
 * The command line as data: what commander was told, with what a value may be. Shell completion and the manual are
 * made from it, so neither can say anything that the program does not do.
 */
export interface ProgramModel {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionModel[];
  readonly commands: readonly CommandModel[];
}

export interface CommandModel {
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly ArgumentModel[];
  readonly options: readonly OptionModel[];
}

export interface ArgumentModel {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly variadic: boolean;
  readonly values: Values;
}

export interface OptionModel {
  /** `--runtime`, `-V`: the long one last. */
  readonly names: readonly string[];
  /** What stands for its value: `name`; null where it takes none. */
  readonly placeholder: string | null;
  readonly description: string;
  readonly defaultText: string | null;
  readonly values: Values;
}

/** `words` and `list` (several, separated by commas) may be files as well where `orFile` is set. */
export type Values =
  | { readonly kind: 'none' | 'any' | 'file' | 'command' }
  | { readonly kind: 'words' | 'list'; readonly words: readonly string[]; readonly orFile: boolean };

export function describeProgram(program: CommandUnknownOpts): ProgramModel {
  return {
    name: program.name(),
    description: program.description(),
    options: readOptions(program),
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      arguments: command.registeredArguments.map(readArgument),
      options: readOptions(command),
    })),
  };
}

function readOptions(command: CommandUnknownOpts): OptionModel[] {
  // The help command's view of the options has --help among them, and no hidden ones.
  return command.createHelp().visibleOptions(command).map(readOption);
}

function readOption(option: Option): OptionModel {
  const placeholder = /[<[](.+)[>\]]/.exec(option.flags)?.[1] ?? null;
  return {
    names: [option.short, option.long].filter((name) => name !== undefined),
    placeholder,
    description: option.description,
    defaultText: option.defaultValueDescription ?? null,
    values:
      placeholder === null ? { kind: 'none' } : valuesOf(option.long ?? '', placeholder, option.argChoices),
  };
}

function readArgument(argument: Argument): ArgumentModel {
  const name = argument.name();
  return {
    name,
    description: argument.description,
    required: argument.required,
    variadic: argument.variadic,
    values: valuesOf(name, name, argument.argChoices),
  };
}

function valuesOf(name: string, placeholder: string, choices: readonly string[] | undefined): Values {
  if (choices !== undefined) return { kind: 'words', words: choices, orFile: false };
  const known = knownValues.get(name);
  if (known !== undefined) return known;
  return { kind: placeholder === 'file' || placeholder === 'path' ? 'file' : 'any' };
}

const knownValues: ReadonlyMap<string, Values> = new Map([
  ['--runtime', { kind: 'words', words: runtimes, orFile: false }],
  ['--strategy', { kind: 'words', words: strategyIds, orFile: false }],
  ['--strategies', { kind: 'list', words: strategyIds, orFile: false }],
  ['--start-method', { kind: 'words', words: startMethods, orFile: false }],
  ['--objective', { kind: 'words', words: objectives, orFile: false }],
  ['workload', { kind: 'words', words: workloads.map(({ id }) => id), orFile: true }],
  ['kind', { kind: 'words', words: templateKinds, orFile: false }],
  ['shell', { kind: 'words', words: ['bash', 'zsh', 'fish'], orFile: false }],
  ['command', { kind: 'command' }],
  ['action', { kind: 'words', words: recordingActions, orFile: false }],
  ['--command-lines', { kind: 'words', words: commandLinePrivacies, orFile: false }],
]);
