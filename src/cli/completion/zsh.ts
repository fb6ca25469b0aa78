import type { ArgumentModel, CommandModel, OptionModel, ProgramModel, Values } from '../command-model.ts';

/** For a file `_corescope` in a folder of $fpath, or for `source <(corescope completion zsh)`. */
export function zshCompletion(program: ProgramModel): string {
  const { name, commands, options } = program;
  const described = [
    ...commands.map((command) => quote(`${command.name}:${command.description}`)),
    quote('help:show the help of a command'),
  ];
  const lines = [
    `#compdef ${name}`,
    `# Completion of ${name} for zsh, made by: ${name} completion zsh`,
    `_${name}() {`,
    '  local curcontext="$curcontext" state line',
    '  local -a commands',
    `  commands=(${described.join(' ')})`,
    `  _arguments -C ${options.map(optionSpec).join(' ')} ${quote('1:command:->command')} ${quote('*::argument:->argument')}`,
    '  case $state in',
    `    command) _describe 'command' commands ;;`,
    '    argument)',
    '      case $line[1] in',
    ...commands.map((command) => `        ${command.name}) _arguments -s ${argumentSpecs(command)} ;;`),
    `        help) _describe 'command' commands ;;`,
    '      esac ;;',
    '  esac',
    '}',
    `if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi`,
  ];
  return `${lines.join('\n')}\n`;
}

function argumentSpecs({ options, arguments: [first] }: CommandModel): string {
  return [...options.map(optionSpec), ...(first === undefined ? [] : [argumentSpec(first)])].join(' ');
}

function optionSpec({ names, placeholder, description, values }: OptionModel): string {
  const value = placeholder === null ? '' : `:${escape(placeholder)}:${action(values)}`;
  // `*`: it may be given again; zsh would otherwise stop offering it.
  return names.map((name) => quote(`*${name}[${escape(description)}]${value}`)).join(' ');
}

function argumentSpec({ name, variadic, values }: ArgumentModel): string {
  return quote(`${variadic ? '*' : '1'}:${escape(name)}:${action(values)}`);
}

function action(values: Values): string {
  switch (values.kind) {
    case 'words': {
      const words = `(${values.words.join(' ')})`;
      return values.orFile ? `{_alternative "words:word:${words}" "files:file:_files"}` : words;
    }
    case 'list':
      return `{_values -s , word ${values.words.join(' ')}}`;
    case 'file':
      return '_files';
    case 'command':
      return '_command_names -e';
    case 'none':
    case 'any':
      return ' ';
  }
}

function escape(text: string): string {
  return text.replace(/[[\]:\\]/g, String.raw`\$&`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
