import type { WebContents } from 'electron';
import { succeed } from '../../shared/result.ts';
import type { AppSettings } from '../../shared/settings.ts';
import type { RequestHandlers } from '../ipc.ts';
import type { JsonStore } from '../json-store.ts';
import { exportSettings, importSettings } from '../settings.ts';

type SettingsRequest = 'settings:read' | 'settings:change' | 'settings:export' | 'settings:import';

/** What the pages ask about settings. A change reaches all of them through the store's listeners. */
export function answerSettings(
  store: JsonStore<AppSettings>,
  atStart: AppSettings,
  askForFile: (sender: WebContents, direction: 'export' | 'import') => Promise<string | null>,
): Pick<RequestHandlers, SettingsRequest> {
  return {
    'settings:read': () =>
      Promise.resolve(succeed({ settings: store.get(), atStart, problem: store.problem() })),
    'settings:change': async (change) => {
      store.set({ ...store.get(), ...change });
      await store.settled();
      const problem = store.problem();
      return problem?.kind === 'store-not-written' ? { ok: false, problem } : succeed(null);
    },
    'settings:export': async (_payload, sender) => {
      const path = await askForFile(sender, 'export');
      if (path === null) return succeed({ path });
      const written = await exportSettings(store.get(), path);
      return written.ok ? succeed({ path }) : written;
    },
    'settings:import': async (_payload, sender) => {
      const path = await askForFile(sender, 'import');
      if (path === null) return succeed({ path });
      const imported = await importSettings(path);
      if (!imported.ok) return imported;
      store.set(imported.value);
      return succeed({ path });
    },
  };
}
