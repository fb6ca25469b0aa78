import type { Component } from 'svelte';
import type { AppSession } from '../state/session.svelte.ts';
import ExperimentView from '../views/experiment/ExperimentView.svelte';
import DifferencesView from '../views/differences/DifferencesView.svelte';
import LiveView from '../views/live/LiveView.svelte';
import StartView from '../views/start/StartView.svelte';
import RecordingsView from '../views/recordings/RecordingsView.svelte';
import WatchView from '../views/watch/WatchView.svelte';
import SettingsView from '../views/settings/SettingsView.svelte';

/** Where the user can go, in the order of the rail. A view is added here and nowhere else. */
export const destinationIds = [
  'start',
  'live',
  'watch',
  'experiment',
  'differences',
  'recordings',
  'settings',
] as const;
export type DestinationId = (typeof destinationIds)[number];

export interface Destination {
  readonly title: string;
  /** Of a 24 x 24 icon drawn in lines: the `d` of one path. */
  readonly iconPath: string;
  readonly view: Component<{ session: AppSession }>;
}

export const destinations: Readonly<Record<DestinationId, Destination>> = {
  start: {
    title: 'Start',
    iconPath: 'M4 11.5 12 4l8 7.5M6.5 9.5V20h11V9.5M10 20v-5.5h4V20',
    view: StartView,
  },
  live: {
    title: 'Live',
    iconPath: 'M3 12h4l3-8 4 16 3-8h4',
    view: LiveView,
  },
  watch: {
    title: 'Watch',
    iconPath: 'M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7zM12 9a3 3 0 1 0 .01 0z',
    view: WatchView,
  },
  experiment: {
    title: 'Experiment',
    iconPath: 'M4 20V10M10 20V4M16 20v-7M21 20H3',
    view: ExperimentView,
  },
  differences: {
    title: 'Differences',
    iconPath: 'M4 5h6v14H4zM14 5h6v14h-6z',
    view: DifferencesView,
  },
  recordings: {
    title: 'Recordings',
    iconPath: 'M12 3a9 9 0 1 0 .01 0zM12 9a3 3 0 1 0 .01 0z',
    view: RecordingsView,
  },
  settings: {
    title: 'Settings',
    iconPath: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4',
    view: SettingsView,
  },
};
