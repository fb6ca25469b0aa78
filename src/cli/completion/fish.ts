import type { CommandModel, OptionModel, ProgramModel, Values } from '../command-model.ts';

export function fishCompletion(program: ProgramModel): string {
  const { name, commands, options } = program;
  const commandNames = commands.map((command) => command.name).join(' ');
  const complete = (words: string): string => `complete -c ${name} ${words}`;
  const top = '-n __fish_use_subcommand';
  const lines = [
    `# Completion of ${name} for fish, made by: ${name} completion fish`,
    complete('-f'),
    ...options.map((option) => complete(`${top} ${optionWords(option)}`)),
    ...commands.map((command) => complete(`${top} -a ${command.name} -d ${quote(command.description)}`)),
    complete(`${top} -a help -d ${quote('show the help of a command')}`),
    complete(`-n ${quote('__fish_seen_subcommand_from help')} -a ${quote(commandNames)}`),
    ...commands.flatMap((command) => commandLines(command).map(complete)),
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines({ name, options, arguments: [first] }: CommandModel): string[] {
  const condition = `-n ${quote(`__fish_seen_subcommand_from ${name}`)}`;
  const values = first === undefined ? '' : offer(first.values);
  return [
    ...options.map((option) => `${condition} ${optionWords(option)}`),
    ...(values === '' ? [] : [`${condition} ${values}`]),
  ];
}

function optionWords({ names, placeholder, description, values }: OptionModel): string {
  const switches = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  const value = placeholder === null ? [] : ['-r', offer(values)].filter((word) => word !== '');
  return [...switches, '-d', quote(description), ...value].join(' ');
}

function offer(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-a ${quote(values.words.join(' '))}${values.orFile ? ' -F' : ''}`;
    case 'list':
      return `-a ${quote(`(__fish_complete_list , 'printf "%s\\n" ${values.words.join(' ')}')`)}`;
    case 'file':
      return '-F';
    case 'command':
      return `-a ${quote('(__fish_complete_subcommand)')}`;
    case 'none':
    case 'any':
      return '';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
