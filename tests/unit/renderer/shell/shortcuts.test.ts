import { describe, expect, it } from 'vitest';
import {
  describeShortcut,
  matchesShortcut,
  type PressedKey,
} from '../../../../src/renderer/shell/shortcuts.ts';

/** `Ctrl+Shift+p`: what was held down, and the key as the browser names it. */
function press(text: string): PressedKey {
  const words = text.split('+');
  return {
    key: words.at(-1) === '' ? '+' : (words.at(-1) ?? ''),
    ctrlKey: words.includes('Ctrl'),
    metaKey: words.includes('Meta'),
    shiftKey: words.includes('Shift'),
    altKey: words.includes('Alt'),
  };
}

describe('keys of commands', () => {
  it.each([
    ['CmdOrCtrl+K', 'Ctrl+k', true],
    ['CmdOrCtrl+K', 'k', false],
    ['CmdOrCtrl+K', 'Meta+k', false],
    ['CmdOrCtrl+K', 'Ctrl+Shift+K', false],
    ['CmdOrCtrl+K', 'Ctrl+Alt+k', false],
    ['CmdOrCtrl+Shift+P', 'Ctrl+Shift+P', true],
    ['CmdOrCtrl+1', 'Ctrl+1', true],
    ['CmdOrCtrl+Plus', 'Ctrl+Shift++', true],
    ['CmdOrCtrl+Plus', 'Ctrl++', true],
    ['CmdOrCtrl+Enter', 'Ctrl+Enter', true],
    ['F1', 'F1', true],
    ['F1', 'Ctrl+F1', false],
  ])('%s is pressed by %s outside macOS: %s', (shortcut, pressed, expected) => {
    expect(matchesShortcut(shortcut, press(pressed), false)).toBe(expected);
  });

  it('have the command key on macOS, and leave Ctrl alone', () => {
    expect(matchesShortcut('CmdOrCtrl+K', press('Meta+k'), true)).toBe(true);
    expect(matchesShortcut('CmdOrCtrl+K', press('Ctrl+k'), true)).toBe(false);
    expect(matchesShortcut('CmdOrCtrl+K', press('Ctrl+Meta+k'), true)).toBe(false);
  });

  it('are written as each system writes them', () => {
    expect(describeShortcut('CmdOrCtrl+Shift+P', false)).toBe('Ctrl+Shift+P');
    expect(describeShortcut('CmdOrCtrl+Shift+P', true)).toBe('⇧⌘P');
    expect(describeShortcut('CmdOrCtrl+Plus', false)).toBe('Ctrl++');
    expect(describeShortcut('F11', true)).toBe('F11');
  });
});
