import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand, MenuSection } from '../shared/shell-requests.ts';

/**
 * The native menu, made of the commands that the page in front has told. They are chosen here and run there. Their
 * keys are handled by the page too, where the palette and the fields are: outside macOS, whose menu passes on what a
 * page has taken, the menu only shows them.
 */
export function menuTemplate(
  commands: readonly MenuCommand[],
  run: (id: string) => void,
  surroundings: { readonly platform: NodeJS.Platform; readonly isPackaged: boolean },
): MenuItemConstructorOptions[] {
  const isMac = surroundings.platform === 'darwin';
  const items = (section: MenuSection): MenuItemConstructorOptions[] =>
    sectionItems(
      commands.filter((command) => command.section === section),
      run,
      isMac,
    );
  const line: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: [...items('file'), ...(isMac ? [] : [line, { role: 'quit' } as const])] },
    { role: 'editMenu' },
    { label: 'E&xperiment', submenu: items('experiment') },
    {
      label: '&View',
      submenu: [
        ...items('view'),
        ...(surroundings.isPackaged ? [] : [line, { role: 'toggleDevTools' } as const]),
      ],
    },
    { label: '&Window', role: 'window', submenu: [...items('window'), line, { role: 'minimize' }] },
    { label: '&Help', role: 'help', submenu: items('help') },
  ];
}

function sectionItems(
  commands: readonly MenuCommand[],
  run: (id: string) => void,
  isMac: boolean,
): MenuItemConstructorOptions[] {
  return commands.flatMap((command, index): MenuItemConstructorOptions[] => {
    const { id, title, shortcut, enabled, checked, group } = command;
    const before = commands[index - 1];
    const item: MenuItemConstructorOptions = {
      id,
      // An ampersand would mark the next letter as the key of the item.
      label: title.replaceAll('&', '&&'),
      enabled,
      click: () => run(id),
      ...(checked === null ? {} : { type: 'checkbox', checked }),
      ...(shortcut === null ? {} : { accelerator: shortcut, registerAccelerator: isMac }),
    };
    return before !== undefined && before.group !== group ? [{ type: 'separator' }, item] : [item];
  });
}
