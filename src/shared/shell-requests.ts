import type { ExperimentPlan } from './experiment.ts';
import type { ExperimentEvent } from './experiment-event.ts';
import type { ChosenFile, InterpreterChoice, SavedFile } from './ipc.ts';
import type { Problem } from './result.ts';
import type { AppSettings } from './settings.ts';
import type { UnixMs } from './units.ts';

/** What the shell around the views asks of main, and hears from it: settings, windows, menu, files, recent items. */

/** The settings as they are, as the processes beside main have read them, and what is wrong with their file. */
export interface SettingsReading {
  readonly settings: AppSettings;
  readonly atStart: AppSettings;
  readonly problem: Problem | null;
}

/** What was done lately, to do it again. */
export type RecentItem =
  | { readonly kind: 'experiment'; readonly atUnixMs: UnixMs; readonly plan: ExperimentPlan }
  | { readonly kind: 'recording'; readonly atUnixMs: UnixMs; readonly path: string };

export const menuSections = ['file', 'experiment', 'view', 'window', 'help'] as const;
export type MenuSection = (typeof menuSections)[number];

/** A command of the page as the native menu shows it; choosing it comes back as `command:run`. */
export interface MenuCommand {
  readonly id: string;
  readonly title: string;
  readonly section: MenuSection;
  /** Commands of one group stand together, between lines. */
  readonly group: number;
  /** In Electron's words (`CmdOrCtrl+K`); null where it has none. */
  readonly shortcut: string | null;
  readonly enabled: boolean;
  /** Whether it is on, of one that can be; null of one that just does something. */
  readonly checked: boolean | null;
}

export const windowActions = ['new', 'close', 'full-screen', 'restart', 'quit', 'about'] as const;
export type WindowAction = (typeof windowActions)[number];

/** A part of the page, in its own pixels. */
export interface PagePlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface ShellRequests {
  'settings:read': { readonly request: null; readonly response: SettingsReading };
  'settings:change': { readonly request: Partial<AppSettings>; readonly response: null };
  'settings:export': { readonly request: null; readonly response: SavedFile };
  /** Asks for a file and takes all settings from it. */
  'settings:import': { readonly request: null; readonly response: ChosenFile };
  /** Asks the Node at `path` what it is. */
  'node:describe': { readonly request: { readonly path: string }; readonly response: InterpreterChoice };
  'recent:list': { readonly request: null; readonly response: readonly RecentItem[] };
  'recent:add-recording': { readonly request: { readonly path: string }; readonly response: null };
  'recent:clear': { readonly request: null; readonly response: null };
  /** What a new window must hear to show the experiment that is on, or the last one. */
  'experiment:replay': { readonly request: null; readonly response: readonly ExperimentEvent[] };
  /** Files that the system wants opened, since it was asked last. */
  'files:take': { readonly request: null; readonly response: readonly string[] };
  'menu:set': { readonly request: readonly MenuCommand[]; readonly response: null };
  /** Asks where to, and saves what is seen there as a PNG. */
  'view:save-picture': { readonly request: PagePlace; readonly response: SavedFile };
  'window:do': { readonly request: { readonly action: WindowAction }; readonly response: null };
}

export const shellChannels = {
  'settings:read': true,
  'settings:change': true,
  'settings:export': true,
  'settings:import': true,
  'node:describe': true,
  'recent:list': true,
  'recent:add-recording': true,
  'recent:clear': true,
  'experiment:replay': true,
  'files:take': true,
  'menu:set': true,
  'view:save-picture': true,
  'window:do': true,
} as const satisfies Record<keyof ShellRequests, true>;

export interface ShellEvents {
  'settings:changed': AppSettings;
  'recent:changed': readonly RecentItem[];
  /** The system wants files opened; `files:take` tells which. */
  'files:waiting': null;
  /** A command was chosen in the native menu. */
  'command:run': { readonly id: string };
}

export const shellEventChannels = {
  'settings:changed': true,
  'recent:changed': true,
  'files:waiting': true,
  'command:run': true,
} as const satisfies Record<keyof ShellEvents, true>;
