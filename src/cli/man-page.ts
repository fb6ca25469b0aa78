import type { ArgumentModel, CommandModel, OptionModel, ProgramModel } from './command-model.ts';

/** What the manual says besides what commander knows. */
export interface ManualNotes {
  readonly examples: string;
  /** By command: exit codes and examples. */
  readonly commands: Readonly<Record<string, string>>;
}

/**
 * The manual page, section 1, in man(7) macros: what groff and mandoc both read. It has no date, so that the same
 * program always gives the same page.
 */
export function manPage(program: ProgramModel, notes: ManualNotes): string {
  const { name, description, options, commands } = program;
  const lines = [
    `.\\" Made from the command line's own definition by scripts/man-page.mjs; do not edit.`,
    `.TH ${name.toUpperCase()} 1 "-" "Corescope" "User Commands"`,
    '.SH NAME',
    `${name} \\- threads or processes, and how many? Measured on this machine`,
    '.SH SYNOPSIS',
    ...commands.flatMap((command, index) => [
      ...(index === 0 ? [] : ['.br']),
      `.B ${name} ${roff(command.name)}`,
      ...synopsis(command),
    ]),
    '.SH DESCRIPTION',
    roff(description),
    '.PP',
    'Results go to standard output, everything else to standard error. In a pipe there is no colour and no progress',
    'that redraws itself.',
    '.SH OPTIONS',
    ...options.flatMap(optionLines),
    '.SH COMMANDS',
    ...commands.flatMap((command) => commandLines(command, notes.commands[command.name] ?? '')),
    '.SH "EXIT STATUS"',
    ...exitStatus.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, roff(meaning)]),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([variable, meaning]) => ['.TP', `.B ${variable}`, roff(meaning)]),
    '.SH EXAMPLES',
    ...verbatim(notes.examples.replace(/^\s*Examples:\n/, '')),
  ];
  return `${lines.join('\n')}\n`;
}

const exitStatus = [
  ['0', 'Done.'],
  ['1', 'A budget is broken, something got worse than the baseline, or doctor found something missing.'],
  ['2', 'Wrong usage or input; nothing was run.'],
  ['3', 'A run failed.'],
  ['130', 'Ended with Ctrl-C.'],
] as const;

const environment = [
  ['NO_COLOR', 'Where it is set, nothing is coloured.'],
  ['CORESCOPE_RECORDINGS', 'The folder of the recordings that no --record names a place for.'],
  [
    'CORESCOPE_RECORDINGS_BUDGET',
    'What they may take together before the oldest that are not pinned are removed, like 500MB; none: all there is (default: 2GB).',
  ],
  ['CORESCOPE_PYTHON', 'The Python interpreter to use where --python names none.'],
] as const;

function synopsis({ arguments: list, options }: CommandModel): string[] {
  const words = list.map(argumentWord);
  return [...(options.length > 1 ? ['.RI [ options ]'] : []), ...words];
}

function argumentWord({ name, required, variadic }: ArgumentModel): string {
  const dots = variadic ? ' ...' : '';
  return required ? `.I ${roff(name)}${dots}` : `.RI [ ${roff(name)} ]${dots}`;
}

function commandLines(command: CommandModel, notes: string): string[] {
  return [
    `.SS "${name(command)}"`,
    roff(asSentence(command.description)),
    ...command.arguments.flatMap((argument) => [
      '.TP',
      `.I ${roff(argument.name)}`,
      roff(asSentence(argument.description)),
    ]),
    ...command.options.flatMap(optionLines),
    ...(notes === '' ? [] : ['.PP', ...verbatim(notes)]),
  ];
}

function name(command: CommandModel): string {
  return roff([command.name, ...command.arguments.map((argument) => argument.name)].join(' '));
}

function optionLines({ names, placeholder, description, defaultText }: OptionModel): string[] {
  const flags = names.map((flag) => `\\fB${roff(flag)}\\fR`).join(', ');
  const value = placeholder === null ? '' : ` \\fI${roff(placeholder)}\\fR`;
  const fallback = defaultText === null ? '' : ` (default: ${defaultText})`;
  return ['.TP', `${flags}${value}`, roff(asSentence(`${description}${fallback}`))];
}

function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
}

function verbatim(text: string): string[] {
  return ['.nf', ...text.trim().split('\n').map(roff), '.fi'];
}

/** Backslashes and hyphens as themselves; a dot or apostrophe that begins a line would be taken for a macro. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1')
    .replaceAll('×', '\\(mu')
    .replaceAll('…', '...');
}
