import { existsSync } from 'node:fs';
import path from 'node:path';
import { appendEvents } from '../../engine/recording/append-events.ts';
import { editRecording } from '../../engine/recording/edit-recording.ts';
import {
  cleanUp,
  describeRecording,
  listRecordings,
  pinRecording,
  removeRecording,
  unpinRecording,
} from '../../engine/recording/library.ts';
import { openRecording } from '../../engine/recording/open-recording.ts';
import { recordingsFolder } from '../../engine/recording/places.ts';
import { formatBytes } from '../../shared/format.ts';
import { isFoundBy } from '../../shared/recording-search.ts';
import type { RecordingEntry } from '../../shared/recording.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { exitCodes, printNote, printProblem, type Terminal } from '../terminal.ts';
import { readNumber } from '../typed-values.ts';
import { readBudget } from './budget.ts';
import { recordingActions, type RecordingAction } from './actions.ts';
import { findRecording } from './find-recording.ts';
import { describeEntries } from './recordings-text.ts';

export interface RecordingsOptions {
  readonly json?: true | undefined;
  readonly at?: string | undefined;
  readonly force?: true | undefined;
  readonly quiet?: true | undefined;
}

/** Lists and cares for what has been recorded. Answers the exit code. */
export function recordings(
  action: string | undefined,
  words: readonly string[],
  options: RecordingsOptions,
  terminal: Terminal,
): number {
  const known = recordingActions.find((name) => name === (action ?? 'list'));
  if (known === undefined) {
    const { problem } = fail(
      'unknown-action',
      `recordings ${action ?? ''} is not known.`,
      `Choose one of: ${recordingActions.join(', ')}. To search: corescope recordings list WORDS`,
    );
    printProblem(terminal, problem);
    return exitCodes.badInput;
  }
  const done = perform(known, words, options, terminal);
  if (done.ok) {
    if (done.value !== '' && options.quiet !== true) printNote(terminal, done.value);
    return exitCodes.success;
  }
  printProblem(terminal, done.problem);
  return exitCodes.badInput;
}

/** What was done, in words for stderr; empty where the output says it. */
function perform(
  action: RecordingAction,
  words: readonly string[],
  options: RecordingsOptions,
  terminal: Terminal,
): Result<string> {
  const [word, ...more] = words;
  switch (action) {
    case 'list':
      return list(words.join(' '), options, terminal);
    case 'clean':
      return clean(word);
    case 'path':
      return printPath(word, terminal);
    case 'pin':
      return forEach(words, (file) => told(pinRecording(file), `Pinned ${file}`));
    case 'unpin':
      return forEach(words, (file) => told(unpinRecording(file), `Unpinned ${file}`));
    case 'remove':
      return forEach(words, (file) =>
        told(removeRecording(file, { evenPinned: options.force === true }), `Removed ${file}`),
      );
    case 'tag':
    case 'untag':
      return changeTags(action, word, more);
    case 'rename':
      return withText(action, word, more, (file, title) =>
        told(editRecording(file, { title }), `Renamed ${file}`),
      );
    case 'note':
      return withText(action, word, more, (file, text) => addNote(file, text, options.at));
  }
}

function list(typed: string, { json }: RecordingsOptions, terminal: Terminal): Result<string> {
  const folder = recordingsFolder();
  const listed = listRecordings(folder);
  // Nothing has been recorded yet: no folder is no mistake.
  if (!listed.ok && existsSync(folder)) return listed;
  const all: readonly RecordingEntry[] = listed.ok ? listed.value : [];
  const entries = all.filter((entry) => isFoundBy(entry, typed));
  if (json === true) {
    terminal.out.write(`${JSON.stringify(entries, null, 2)}\n`);
    return succeed('');
  }
  if (entries.length > 0) terminal.out.write(`${describeEntries(entries, all, terminal.outColours)}\n`);
  const bytes = formatBytes(entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const count = entries.length === 1 ? '1 recording' : `${entries.length} recordings`;
  return succeed(`${count}, ${bytes}, in ${folder}`);
}

function clean(size: string | undefined): Result<string> {
  const budget = readBudget(size === undefined ? process.env : { CORESCOPE_RECORDINGS_BUDGET: size });
  if (!budget.ok) return budget;
  const cleaned = cleanUp(recordingsFolder(), budget.value);
  if (!cleaned.ok) return cleaned;
  const { removed, remainingBytes, problems } = cleaned.value;
  const [problem] = problems;
  if (problem !== undefined) return { ok: false, problem };
  return succeed(
    [...removed.map((file) => `Removed ${file}`), `${formatBytes(remainingBytes)} are left`].join('\n'),
  );
}

function printPath(word: string | undefined, terminal: Terminal): Result<string> {
  const found = word === undefined ? succeed(recordingsFolder()) : findRecording(word);
  if (!found.ok) return found;
  terminal.out.write(`${path.resolve(found.value)}\n`);
  return succeed('');
}

/** All are found before the first is changed, so that a mistake changes none. */
function forEach(words: readonly string[], change: (file: string) => Result<string>): Result<string> {
  if (words.length === 0) return noRecording();
  const files: string[] = [];
  for (const word of words) {
    const found = findRecording(word);
    if (!found.ok) return found;
    files.push(found.value);
  }
  const lines: string[] = [];
  for (const file of files) {
    const changed = change(file);
    if (!changed.ok) return changed;
    lines.push(changed.value);
  }
  return succeed(lines.join('\n'));
}

function changeTags(
  action: 'tag' | 'untag',
  word: string | undefined,
  given: readonly string[],
): Result<string> {
  return withText(action, word, given, (file) => {
    const entry = describeRecording(file);
    const before = entry?.manifest?.tags ?? [];
    // Shown with a #, and often typed with one.
    const words = given.map((tag) => tag.replace(/^#/, ''));
    const unwanted = new Set(words.map((tag) => tag.toLowerCase()));
    const tags =
      action === 'tag' ? [...before, ...words] : before.filter((tag) => !unwanted.has(tag.toLowerCase()));
    return told(editRecording(file, { tags }), action === 'tag' ? `Tagged ${file}` : `Untagged ${file}`);
  });
}

function withText(
  action: string,
  word: string | undefined,
  texts: readonly string[],
  change: (file: string, text: string) => Result<string>,
): Result<string> {
  if (word === undefined) return noRecording();
  const text = texts.join(' ').trim();
  if (text === '') {
    return fail(
      'no-text',
      `recordings ${action} was given a recording and nothing else.`,
      `Say it like: corescope recordings ${action} ${word} TEXT`,
    );
  }
  const found = findRecording(word);
  return found.ok ? change(found.value, text) : found;
}

/** A note is about a moment; without one about the beginning. */
function addNote(file: string, text: string, at: string | undefined): Result<string> {
  const seconds = readNumber(at);
  if (seconds !== undefined && typeof seconds !== 'number') {
    return fail('invalid-time', `--at ${seconds} is not a number of seconds.`, 'Write it like --at 12.5.');
  }
  const opened = openRecording(file);
  if (!opened.ok) return opened;
  const { fromMs, toMs } = opened.value.span;
  opened.value.close();
  const atMs = seconds === undefined ? fromMs : seconds * 1000;
  if (!(atMs >= fromMs && atMs <= toMs)) {
    const [from, to] = [(fromMs / 1000).toFixed(1), (toMs / 1000).toFixed(1)];
    return fail(
      'invalid-time',
      `--at ${at ?? ''} lies outside the recording.`,
      `Choose ${from} to ${to} seconds.`,
    );
  }
  return told(appendEvents(file, [{ type: 'note', atMs, text }]), `Noted in ${file}`);
}

function told(result: Result<unknown>, what: string): Result<string> {
  return result.ok ? succeed(what) : result;
}

function noRecording(): Result<never> {
  return fail(
    'no-recording',
    'No recording was named.',
    'Give its id, its file, or latest; list them with: corescope recordings',
  );
}
