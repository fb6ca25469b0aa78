/** Light, dark, or whatever the system says. Remembered between sessions. */
export type ThemeChoice = 'system' | 'light' | 'dark';
export type Theme = 'light' | 'dark';

const storageKey = 'corescope.theme';
const choices: readonly ThemeChoice[] = ['system', 'light', 'dark'];

export class ThemeState {
  choice: ThemeChoice = $state(storedChoice());
  #systemIsDark = $state(false);
  readonly theme: Theme = $derived(
    this.choice === 'system' ? (this.#systemIsDark ? 'dark' : 'light') : this.choice,
  );

  constructor() {
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    this.#systemIsDark = query.matches;
    query.addEventListener('change', (event) => {
      this.#systemIsDark = event.matches;
    });
  }

  /** The next choice in the order of the button: system, light, dark. */
  next(): void {
    this.choose(choices[(choices.indexOf(this.choice) + 1) % choices.length] ?? 'system');
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    localStorage.setItem(storageKey, choice);
  }
}

function storedChoice(): ThemeChoice {
  const stored = localStorage.getItem(storageKey);
  return choices.find((choice) => choice === stored) ?? 'system';
}
