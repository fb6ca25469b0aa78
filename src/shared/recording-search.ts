import type { RecordingEntry } from './recording.ts';

/**
 * Whether a recording is found by what was typed. All words have to be found, whatever their case: `tag:NAME` is a tag,
 * `is:pinned` and `is:STATE` what the list says of it, and any other word stands somewhere in its title, tags, workload,
 * command, strategy, interpreter or file name. Words in double quotes belong together.
 */
export function isFoundBy(entry: RecordingEntry, typed: string): boolean {
  const words = [...typed.toLowerCase().matchAll(/(\S*?)"([^"]*)"?|(\S+)/g)].map(
    ([, before = '', quoted = '', bare]) => bare ?? before + quoted,
  );
  const text = textOf(entry);
  return words.every((word) => {
    const [prefix, value] = /^(tag|is):(.+)$/s.exec(word)?.slice(1) ?? [];
    if (value !== undefined && prefix === 'tag') return tagsOf(entry).includes(value);
    if (value !== undefined && prefix === 'is')
      return value === 'pinned' ? entry.pinned : value === entry.state;
    return text.includes(word);
  });
}

function tagsOf({ manifest }: RecordingEntry): readonly string[] {
  return (manifest?.tags ?? []).map((tag) => tag.toLowerCase());
}

function textOf(entry: RecordingEntry): string {
  const { manifest, path } = entry;
  const name = path.split(/[/\\]/).at(-1) ?? path;
  return [
    name,
    manifest?.title,
    manifest?.workload,
    manifest?.strategy,
    manifest?.command?.join(' '),
    manifest?.interpreter?.implementation,
    manifest?.interpreter?.version,
    manifest?.id,
    ...tagsOf(entry),
  ]
    .filter((part) => typeof part === 'string')
    .join('\n')
    .toLowerCase();
}
