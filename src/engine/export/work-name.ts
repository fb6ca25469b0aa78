import type { ExperimentPlan } from '../../shared/experiment.ts';
import { redactCommand } from '../recording/privacy.ts';

/** What was run, as people call it: `count-loop`, `task.mjs`, `work.py:train`, `make -j4`. */
export function nameWork({ id, target }: Pick<ExperimentPlan['workload'], 'id' | 'target'>): string {
  switch (target?.kind) {
    case undefined:
      return id;
    case 'module':
      return fileNameOf(target.path);
    case 'function':
      return `${fileNameOf(target.path)}:${target.functionName}`;
    case 'command':
      return nameCommand(target.argv);
  }
}

const longestCommandName = 80;

/** Without secrets, whatever is recorded besides: a title becomes a file name, and a report is handed on. */
export function nameCommand(argv: readonly string[]): string {
  const [program = '', ...args] = redactCommand(argv, 'hide-secrets');
  const text = [fileNameOf(program), ...args].join(' ').replaceAll(/\s+/g, ' ');
  return text.length > longestCommandName ? `${text.slice(0, longestCommandName - 1)}…` : text;
}

function fileNameOf(file: string): string {
  return file.split(/[/\\]/).at(-1) ?? file;
}
