import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportSettings, importSettings, openSettings, settingsChange } from '../../../src/main/settings.ts';
import { defaultSettings, needsRestart, nextUiScale } from '../../../src/shared/settings.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'corescope-settings-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileWith(text: string): string {
  const path = join(folder, 'settings.json');
  writeFileSync(path, text);
  return path;
}

describe('the settings file', () => {
  it('of an older Corescope has the usual values for what is new, of a newer one what is known of it', () => {
    const store = openSettings(fileWith('{ "theme": "dark", "holograms": true }'));
    expect(store.problem()).toBeNull();
    expect(store.get()).toEqual({ ...defaultSettings, theme: 'dark' });
  });

  it('with a value that no setting may have is not taken at all', () => {
    const store = openSettings(fileWith('{ "theme": "dark", "samplerHz": 5000 }'));
    expect(store.get()).toEqual(defaultSettings);
    expect(store.problem()?.message).toContain('samplerHz');
  });

  it('that was exported is imported as it was', async () => {
    const path = join(folder, 'exported.json');
    const settings = { ...defaultSettings, theme: 'high-contrast', memoryLimitBytes: 3e9 } as const;
    expect(await exportSettings(settings, path)).toEqual({ ok: true, value: null });
    expect(await importSettings(path)).toEqual({ ok: true, value: settings });
    expect(readFileSync(path, 'utf8').endsWith('}\n')).toBe(true);
  });

  it.each([
    ['nothing', null],
    ['no JSON', 'theme = dark'],
    ['another JSON', '{ "name": "left-pad" }'],
    ['a list', '[]'],
    ['a wrong value', '{ "theme": "pink" }'],
  ])('is refused in words where it holds %s', async (_name, text) => {
    const path = text === null ? join(folder, 'missing.json') : fileWith(text);
    const imported = await importSettings(path);
    expect(imported.ok).toBe(false);
    if (!imported.ok) expect(imported.problem.message).toContain(path);
  });
});

describe('what a page may change', () => {
  it('is one setting or several, and nothing else', () => {
    expect(settingsChange.safeParse({ uiScale: 1.25 }).data).toEqual({ uiScale: 1.25 });
    expect(settingsChange.safeParse({ uiScale: 1.25, run: 'rm' }).success).toBe(false);
    expect(settingsChange.safeParse({ uiScale: 100 }).success).toBe(false);
    expect(settingsChange.safeParse({ pythonPath: 'python3' }).success).toBe(false);
    expect(settingsChange.safeParse({ pythonPath: '/usr/bin/python3' }).success).toBe(true);
  });

  it('needs a restart only where the processes beside main have read it', () => {
    expect(needsRestart({ ...defaultSettings, theme: 'light' }, defaultSettings)).toBe(false);
    expect(needsRestart({ ...defaultSettings, samplerHz: 20 }, defaultSettings)).toBe(true);
  });
});

describe('zooming', () => {
  it('goes through the sizes that browsers have and stops at both ends', () => {
    expect(nextUiScale(1, 1)).toBe(1.1);
    expect(nextUiScale(1, -1)).toBe(0.9);
    expect(nextUiScale(1.05, -1)).toBe(1);
    expect(nextUiScale(3, 1)).toBe(3);
    expect(nextUiScale(0.5, -1)).toBe(0.5);
  });
});
