import { type Command, Option } from '@commander-js/extra-typings';
import { createMarkerPattern, type MarkerPattern } from '../engine/recording/markers.ts';
import { commandLinePrivacies, type CommandLinePrivacy } from '../shared/recording.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import { checkRecordingPath } from './recording-session.ts';

/** What was typed, word for word. */
export interface RecordOptions {
  /** `--record FILE`; false with `--no-record`. */
  readonly record?: string | boolean | undefined;
  readonly marker?: string | undefined;
  readonly commandLines: string;
}

/** How a command that watches something records it. */
export interface RecordWishes {
  /** `library`: under a name of our own among the others. */
  readonly place:
    | { readonly kind: 'none' }
    | { readonly kind: 'library' }
    | { readonly kind: 'file'; readonly path: string };
  readonly commandLinePrivacy: CommandLinePrivacy;
  readonly markerPattern: MarkerPattern | null;
}

/** The return type is inferred: commander makes the type of the parsed options from these lines. */
export function addRecordOptions<Args extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Args, Options>,
) {
  return command
    .option('--record <file>', 'keep the recording there (default: among the others, see: recordings)')
    .option('--no-record', 'keep no recording')
    .option('--marker <pattern>', 'lines of stdout that match this regular expression become markers')
    .addOption(
      new Option(
        '--command-lines <how>',
        `how command lines are recorded: ${commandLinePrivacies.join(', ')}`,
      ).default('hide-secrets', 'hide-secrets'),
    );
}

export async function readRecordOptions(options: RecordOptions): Promise<Result<RecordWishes>> {
  const { record, commandLines } = options;
  const commandLinePrivacy = commandLinePrivacies.find((name) => name === commandLines);
  if (commandLinePrivacy === undefined) {
    return fail(
      'unknown-privacy',
      `--command-lines ${commandLines} is not known.`,
      `Choose one of: ${commandLinePrivacies.join(', ')}.`,
    );
  }
  const marker = options.marker === undefined ? null : createMarkerPattern(options.marker);
  if (marker?.ok === false) return marker;
  const wishes = { commandLinePrivacy, markerPattern: marker?.value ?? null };
  if (record === false) return succeed({ ...wishes, place: { kind: 'none' } });
  if (typeof record !== 'string') return succeed({ ...wishes, place: { kind: 'library' } });
  const writable = await checkRecordingPath(record);
  return writable.ok ? succeed({ ...wishes, place: { kind: 'file', path: record } }) : writable;
}
