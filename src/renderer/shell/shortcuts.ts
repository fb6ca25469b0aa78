/** Keys in Electron's words, `CmdOrCtrl+Shift+P`: the native menu shows them as the system does. */

/** What is looked at of a KeyboardEvent. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Electron's words for keys whose own would be read as part of the notation. */
const keyNames: Readonly<Record<string, string>> = { Plus: '+', Escape: 'Escape', Enter: 'Enter' };
/** Signs for which Shift is needed on some keyboards and not on others. */
const shiftless = /^[^\p{L}\p{N}]$/u;

export function matchesShortcut(shortcut: string, pressed: PressedKey, isMac: boolean): boolean {
  const words = shortcut.split('+');
  const name = words.at(-1) ?? '';
  const key = keyNames[name] ?? name;
  const wantsControl = words.includes('CmdOrCtrl');
  if (pressed.key.toLowerCase() !== key.toLowerCase()) return false;
  if ((isMac ? pressed.metaKey : pressed.ctrlKey) !== wantsControl) return false;
  if (isMac ? pressed.ctrlKey : pressed.metaKey) return false;
  if (pressed.altKey !== words.includes('Alt')) return false;
  return shiftless.test(key) || pressed.shiftKey === words.includes('Shift');
}

/** As people read it: `Ctrl+Shift+P`; on macOS `⇧⌘P`. */
export function describeShortcut(shortcut: string, isMac: boolean): string {
  const words = shortcut.split('+');
  const name = words.at(-1) ?? '';
  const key = keyNames[name] ?? name;
  if (!isMac) {
    return [...words.slice(0, -1).map((word) => (word === 'CmdOrCtrl' ? 'Ctrl' : word)), key].join('+');
  }
  const signs = [
    words.includes('Alt') ? '⌥' : '',
    words.includes('Shift') ? '⇧' : '',
    words.includes('CmdOrCtrl') ? '⌘' : '',
  ];
  return `${signs.join('')}${key}`;
}
