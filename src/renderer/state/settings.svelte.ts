import type { Problem } from '../../shared/result.ts';
import { defaultSettings, needsRestart, type AppSettings } from '../../shared/settings.ts';
import type { Backend } from '../lib/backend.ts';

/** The user's settings as main keeps them; the usual ones until it has told them. */
export class SettingsState {
  values: AppSettings = $state.raw(defaultSettings);
  /** What the processes beside main were started with. */
  atStart: AppSettings = $state.raw(defaultSettings);
  /** Whether main has told them, or failed to. */
  isRead = $state(false);
  /** What is wrong with the file, or why the last change was not kept; null while all is well. */
  problem: Problem | null = $state.raw(null);
  readonly needsRestart: boolean = $derived(needsRestart(this.values, this.atStart));
  readonly #backend: Pick<Backend, 'request' | 'on'>;

  constructor(backend: Pick<Backend, 'request' | 'on'>) {
    this.#backend = backend;
  }

  /** Reads them and follows every change, also of other windows; returns what ends that. */
  connect(): () => void {
    const unsubscribe = this.#backend.on('settings:changed', (values) => (this.values = values));
    void this.#read();
    return unsubscribe;
  }

  async #read(): Promise<void> {
    const read = await this.#backend.request('settings:read', null);
    this.isRead = true;
    if (!read.ok) {
      this.problem = read.problem;
      return;
    }
    this.values = read.value.settings;
    this.atStart = read.value.atStart;
    this.problem = read.value.problem;
  }

  /** Shown at once; every window follows. */
  async change(change: Partial<AppSettings>): Promise<void> {
    this.values = { ...this.values, ...change };
    const changed = await this.#backend.request('settings:change', change);
    this.problem = changed.ok ? null : changed.problem;
  }
}
