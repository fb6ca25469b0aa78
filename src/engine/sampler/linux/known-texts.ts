import type { HeldFile, HeldFiles } from './held-files.ts';
import type { ReadText } from './text-file.ts';

/**
 * Small files that say the same for hours. Asking each whether it still does takes a tenth of making sense of them
 * again.
 */
export interface KnownTexts {
  /** Reads, and remembers what was read. */
  readonly read: ReadText;
  /** The rest of the line that begins with `label`, of a file of which the other lines do not count. */
  readLine(path: string, label: string): string | null;
  /** Whether one of those that were read since `forget` says something else now. */
  haveChanged(): boolean;
  forget(): void;
}

interface Known {
  readonly path: string;
  readonly label: string | null;
  readonly text: string | null;
}

function findLine(text: string, label: string): string | null {
  const start = `\n${text}`.indexOf(`\n${label}`);
  if (start < 0) return null;
  const end = text.indexOf('\n', start);
  return text.slice(start + label.length, end < 0 ? undefined : end);
}

/** `readNow`: what a file says at this moment. */
export function createKnownTexts(readNow: ReadText): KnownTexts {
  let known: Known[] = [];

  function readPart(path: string, label: string | null): string | null {
    const text = readNow(path);
    return text === null || label === null ? text : findLine(text, label);
  }

  function remember(path: string, label: string | null): string | null {
    const text = readPart(path, label);
    known.push({ path, label, text });
    return text;
  }

  return {
    read: (path) => remember(path, null),
    readLine: remember,
    haveChanged: () => known.some(({ path, label, text }) => readPart(path, label) !== text),
    forget() {
      known = [];
    },
  };
}

export interface HeldTexts {
  readonly read: ReadText;
  close(): void;
}

/** Files that stay open between their readings: a third of what opening, reading and closing them takes. */
export function createHeldTexts(files: HeldFiles): HeldTexts {
  const held = new Map<string, HeldFile>();
  return {
    read(path) {
      let file = held.get(path);
      if (file === undefined) held.set(path, (file = files.create(path)));
      const length = files.read(file);
      return length < 0 ? null : files.bytes.toString('utf8', 0, length);
    },
    close() {
      for (const file of held.values()) files.close(file);
      held.clear();
    },
  };
}
