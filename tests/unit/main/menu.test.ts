import { describe, expect, it } from 'vitest';
import { menuTemplate } from '../../../src/main/menu.ts';
import type { MenuCommand } from '../../../src/shared/shell-requests.ts';

function command(id: string, changes: Partial<MenuCommand> = {}): MenuCommand {
  return {
    id,
    title: id,
    section: 'file',
    group: 0,
    shortcut: null,
    enabled: true,
    checked: null,
    ...changes,
  };
}

type Template = ReturnType<typeof menuTemplate>;

/** A menu as text: `File: new [CmdOrCtrl+N] | --- | close`. */
function draw(template: Template): readonly string[] {
  return template.map(({ label, role, submenu }) => {
    const items = Array.isArray(submenu) ? submenu : [];
    const words = items.map((item) =>
      [
        item.type === 'separator' ? '---' : (item.label ?? item.role),
        item.accelerator === undefined ? '' : `[${item.accelerator}]`,
        item.enabled === false ? 'off' : '',
        item.checked === true ? 'checked' : '',
      ]
        .filter((word) => word !== '')
        .join(' '),
    );
    return `${label ?? role ?? ''}: ${words.join(' | ')}`;
  });
}

describe('the native menu', () => {
  const commands = [
    command('new', { shortcut: 'CmdOrCtrl+N' }),
    command('save & close', { group: 1, enabled: false }),
    command('dark', { section: 'view', checked: true }),
  ];

  it('shows each command in its place, with lines between groups', () => {
    const template = menuTemplate(commands, () => undefined, { platform: 'linux', isPackaged: true });
    expect(draw(template)).toEqual([
      '&File: new [CmdOrCtrl+N] | --- | save && close off | --- | quit',
      'editMenu: ',
      'E&xperiment: ',
      '&View: dark checked',
      '&Window: --- | minimize',
      '&Help: ',
    ]);
  });

  it('has the app’s own menu on macOS, which holds what quits', () => {
    const template = menuTemplate(commands, () => undefined, { platform: 'darwin', isPackaged: true });
    expect(draw(template).slice(0, 2)).toEqual([
      'appMenu: ',
      '&File: new [CmdOrCtrl+N] | --- | save && close off',
    ]);
  });

  it('runs what was chosen', () => {
    const ran: string[] = [];
    const [file] = menuTemplate(commands, (id) => ran.push(id), { platform: 'linux', isPackaged: true });
    const items = Array.isArray(file?.submenu) ? file.submenu : [];
    const click = items[0]?.click as (() => void) | undefined;
    click?.();
    expect(ran).toEqual(['new']);
  });
});
