import { themeChoices, type ThemeChoice } from '../../shared/settings.ts';
import type { SettingsState } from './settings.svelte.ts';

/** What drawings are made for, and what the page's colours are chosen by (`data-theme`, theme.css). */
export type Theme = 'light' | 'dark' | 'high-contrast';

export const themeNames: Readonly<Record<ThemeChoice, string>> = {
  system: 'System theme',
  light: 'Light theme',
  dark: 'Dark theme',
  'high-contrast': 'High contrast theme',
};

/** Light, dark, high contrast, or whatever the system says. */
export class ThemeState {
  readonly #settings: SettingsState;
  #systemIsDark = $state(false);
  #systemWantsContrast = $state(false);
  readonly theme: Theme = $derived.by(() => {
    if (this.choice !== 'system') return this.choice;
    if (this.#systemWantsContrast) return 'high-contrast';
    return this.#systemIsDark ? 'dark' : 'light';
  });

  constructor(settings: SettingsState) {
    this.#settings = settings;
    follow('(prefers-color-scheme: dark)', (matches) => (this.#systemIsDark = matches));
    follow('(prefers-contrast: more)', (matches) => (this.#systemWantsContrast = matches));
  }

  get choice(): ThemeChoice {
    return this.#settings.values.theme;
  }

  /** The next choice in the order of the button: system, light, dark, high contrast. */
  next(): void {
    this.choose(themeChoices[(themeChoices.indexOf(this.choice) + 1) % themeChoices.length] ?? 'system');
  }

  choose(choice: ThemeChoice): void {
    void this.#settings.change({ theme: choice });
  }
}

function follow(condition: string, take: (matches: boolean) => void): void {
  const query = window.matchMedia(condition);
  take(query.matches);
  query.addEventListener('change', (event) => take(event.matches));
}
