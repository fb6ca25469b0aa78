import type { CommandModel, ProgramModel, Values } from '../command-model.ts';

/**
 * Bash 3.2 (macOS) and newer, without the bash-completion package. Where nothing is offered, bash itself offers files
 * (`-o default`).
 */
export function bashCompletion(program: ProgramModel): string {
  const { name, commands, options } = program;
  const commandNames = [...commands.map((command) => command.name), 'help'];
  const lines = [
    `# Completion of ${name} for bash, made by: ${name} completion bash`,
    `_${name}() {`,
    '  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= index',
    '  COMPREPLY=()',
    '  for ((index = 1; index < COMP_CWORD; index++)); do',
    '    if [[ ${COMP_WORDS[index]} == -- ]]; then',
    '      # What follows is another program with its own words.',
    '      ((index == COMP_CWORD - 1)) && COMPREPLY=($(compgen -c -- "$current"))',
    '      return',
    '    fi',
    '    if [[ -z $command && ${COMP_WORDS[index]} != -* ]]; then command=${COMP_WORDS[index]}; fi',
    '  done',
    '  case "$command $previous" in',
    ...commands.flatMap((command) => valueCases(command)),
    '  esac',
    '  case "$command" in',
    `    '') COMPREPLY=($(compgen -W '${[...commandNames, ...longNames(options)].join(' ')}' -- "$current")) ;;`,
    ...commands.map(wordCase),
    `    help) COMPREPLY=($(compgen -W '${commandNames.join(' ')}' -- "$current")) ;;`,
    '  esac',
    '}',
    `complete -o default -F _${name} ${name}`,
  ];
  return `${lines.join('\n')}\n`;
}

function longNames(options: ProgramModel['options']): string[] {
  return options.map(({ names }) => names.at(-1) ?? '');
}

function valueCases({ name, options }: CommandModel): string[] {
  return options
    .filter(({ values }) => values.kind !== 'none')
    .map(({ names, values }) => {
      const patterns = names.map((option) => `'${name} ${option}'`).join(' | ');
      return `    ${patterns}) ${offer(values)}return ;;`;
    });
}

function wordCase({ name, arguments: [argument], options }: CommandModel): string {
  const words = longNames(options).join(' ');
  const values = argument === undefined ? '' : offer(argument.values);
  return `    ${name}) if [[ $current == -* ]]; then COMPREPLY=($(compgen -W '${words}' -- "$current")); else ${values}:; fi ;;`;
}

/** A statement that fills COMPREPLY; empty where files (bash's default) or anything at all may stand. */
function offer(values: Values): string {
  switch (values.kind) {
    case 'words': {
      const files = values.orFile ? ' -f' : '';
      return `COMPREPLY=($(compgen${files} -W '${values.words.join(' ')}' -- "$current")); `;
    }
    case 'list':
      return `COMPREPLY=($(compgen -P "\${current%"\${current##*,}"}" -W '${values.words.join(' ')}' -- "\${current##*,}")); `;
    case 'command':
      return 'COMPREPLY=($(compgen -c -- "$current")); ';
    case 'none':
    case 'any':
    case 'file':
      return '';
  }
}
