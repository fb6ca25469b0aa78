import { type Command, Option } from '@commander-js/extra-typings';
import { addRecordOptions } from '../record-options.ts';

/** The return type is inferred: commander makes the type of the parsed options from these lines. */
export function addWatchOptions<Args extends unknown[]>(command: Command<Args>) {
  const described = command
    .addOption(new Option('--every <ms>', 'time between two samples').default('100', '100'))
    .option('--for <seconds>', 'watch so long at most (default: until it ends)')
    .option('--json <file>', 'write the summary as JSON; - prints it instead of the text');
  return addRecordOptions(described).option('--quiet', 'nothing live, only the summary and problems');
}
