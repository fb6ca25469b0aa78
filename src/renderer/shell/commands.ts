import type { MenuCommand, MenuSection, WindowAction } from '../../shared/shell-requests.ts';
import { nextUiScale, themeChoices } from '../../shared/settings.ts';
import type { AppSession } from '../state/session.svelte.ts';
import { themeNames } from '../state/theme.svelte.ts';
import { destinations } from './destinations.ts';

/** Everything that can be done from anywhere: the native menu, the palette and the keys all come from this table. */
export interface Command {
  /** Stable, for the native menu and tests. */
  readonly id: string;
  readonly title: string;
  readonly section: MenuSection;
  /** Commands of one group stand together in the menu. */
  readonly group: number;
  /** In Electron's words. The first is shown, all work. */
  readonly shortcuts: readonly string[];
  readonly enabled: boolean;
  /** Null of a command that is not something that can be on. */
  readonly checked: boolean | null;
  readonly run: () => void;
}

type Draft = Pick<Command, 'id' | 'title' | 'run'> & Partial<Command>;

/** The commands as they are now; reads the session's state, so that whoever derives from it follows. */
export function commandsOf(session: AppSession): readonly Command[] {
  return [
    ...inSection('file', fileCommands(session)),
    ...inSection('experiment', experimentCommands(session)),
    ...inSection('view', viewCommands(session)),
    ...inSection('window', windowCommands(session)),
    ...inSection('help', helpCommands(session)),
  ];
}

function inSection(section: MenuSection, groups: readonly (readonly Draft[])[]): readonly Command[] {
  return groups.flatMap((drafts, group) =>
    drafts.map((draft) => ({ section, group, shortcuts: [], enabled: true, checked: null, ...draft })),
  );
}

function fileCommands(session: AppSession): readonly (readonly Draft[])[] {
  const canSave = session.result !== null;
  const opensRecordings = session.destinationIds.some((id: string) => id === 'recordings');
  return [
    [
      {
        id: 'new-experiment',
        title: 'New experiment',
        shortcuts: ['CmdOrCtrl+N'],
        run: () => session.goTo('experiment'),
      },
      {
        id: 'compare-module',
        title: 'Compare a JavaScript or TypeScript file…',
        run: () => void session.chooseWork('module'),
      },
      {
        id: 'compare-python-file',
        title: 'Compare a Python file…',
        run: () => void session.chooseWork('python-file'),
      },
      ...(opensRecordings
        ? [
            {
              id: 'open-recording',
              title: 'Open recording…',
              shortcuts: ['CmdOrCtrl+O'],
              run: () => void session.chooseRecordings(),
            },
          ]
        : []),
    ],
    [
      {
        id: 'save-report',
        title: 'Save report…',
        shortcuts: ['CmdOrCtrl+S'],
        enabled: canSave,
        run: () => void session.saveResult('html'),
      },
      {
        id: 'save-json',
        title: 'Save comparison as JSON…',
        shortcuts: ['CmdOrCtrl+Shift+S'],
        enabled: canSave,
        run: () => void session.saveResult('json'),
      },
      {
        id: 'save-picture',
        title: 'Save picture of this view…',
        shortcuts: ['CmdOrCtrl+Alt+S'],
        run: () => void session.savePicture(),
      },
    ],
    [action(session, 'close', 'Close window', ['CmdOrCtrl+W'])],
  ];
}

function experimentCommands(session: AppSession): readonly (readonly Draft[])[] {
  const { experiment, form } = session;
  return [
    [
      {
        id: 'compare',
        title: 'Compare',
        shortcuts: ['CmdOrCtrl+Enter'],
        enabled: !experiment.isBusy && form.obstacle === null,
        run: () => {
          session.goTo('experiment');
          void session.compare();
        },
      },
      {
        id: 'cancel',
        title: 'Cancel the comparison',
        shortcuts: ['CmdOrCtrl+.'],
        enabled: experiment.status.state === 'running',
        run: () => void session.cancel(),
      },
    ],
    [
      {
        id: 'example',
        title: 'Worked example: does Python’s GIL bind this?',
        enabled: !experiment.isBusy && session.surroundings?.python.ok !== false,
        run: () => void session.startExample(),
      },
    ],
  ];
}

function viewCommands(session: AppSession): readonly (readonly Draft[])[] {
  const { settings, theme } = session;
  const scale = settings.values.uiScale;
  const scaleTo = (uiScale: number): void => void settings.change({ uiScale });
  return [
    session.destinationIds.map((id, index) => ({
      id: `view-${id}`,
      title: destinations[id].title,
      shortcuts: index < 9 ? [`CmdOrCtrl+${index + 1}`] : [],
      checked: session.destination === id,
      run: () => session.goTo(id),
    })),
    themeChoices.map((choice) => ({
      id: `theme-${choice}`,
      title: themeNames[choice],
      checked: theme.choice === choice,
      run: () => theme.choose(choice),
    })),
    [
      {
        id: 'zoom-in',
        title: 'Zoom in',
        shortcuts: ['CmdOrCtrl+Plus', 'CmdOrCtrl+='],
        enabled: nextUiScale(scale, 1) !== scale,
        run: () => scaleTo(nextUiScale(scale, 1)),
      },
      {
        id: 'zoom-out',
        title: 'Zoom out',
        shortcuts: ['CmdOrCtrl+-'],
        enabled: nextUiScale(scale, -1) !== scale,
        run: () => scaleTo(nextUiScale(scale, -1)),
      },
      {
        id: 'zoom-reset',
        title: 'Usual size',
        shortcuts: ['CmdOrCtrl+0'],
        enabled: scale !== 1,
        run: () => scaleTo(1),
      },
      action(session, 'full-screen', 'Full screen', ['F11']),
    ],
    [
      {
        id: 'palette',
        title: 'All commands…',
        shortcuts: ['CmdOrCtrl+K', 'CmdOrCtrl+Shift+P', 'F1'],
        run: () => (session.paletteIsOpen = true),
      },
    ],
  ];
}

function windowCommands(session: AppSession): readonly (readonly Draft[])[] {
  return [[action(session, 'new', 'New window', ['CmdOrCtrl+Shift+N'])]];
}

function helpCommands(session: AppSession): readonly (readonly Draft[])[] {
  return [
    [
      { id: 'start-page', title: 'What do you want to know?', run: () => session.goTo('start') },
      action(session, 'about', 'About Corescope', []),
    ],
  ];
}

function action(
  { backend }: AppSession,
  name: WindowAction,
  title: string,
  shortcuts: readonly string[],
): Draft {
  return { id: name, title, shortcuts, run: () => void backend.request('window:do', { action: name }) };
}

/** What the native menu needs of them. */
export function toMenu(commands: readonly Command[]): readonly MenuCommand[] {
  return commands.map(({ id, title, section, group, shortcuts, enabled, checked }) => ({
    id,
    title,
    section,
    group,
    shortcut: shortcuts[0] ?? null,
    enabled,
    checked,
  }));
}
