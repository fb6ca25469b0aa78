import { getContext, setContext } from 'svelte';
import type { HeatScale } from '../../shared/palette.ts';
import { defaultSettings } from '../../shared/settings.ts';

/** How every picture and table of the page shows what it shows. */
export interface Looks {
  /** The colours of heatmaps. */
  readonly heatScale: HeatScale;
  /** How many busy cores are 100 % of CPU: one, or all that the machine has. */
  readonly wholeCores: number;
}

const usualLooks: Looks = { heatScale: defaultSettings.heatScale, wholeCores: 1 };
const key = Symbol('looks');

/** For every component below the calling one; the function is called anew wherever looks are used. */
export function provideLooks(looks: () => Looks): void {
  setContext(key, looks);
}

/** While a component is made. The usual looks where nobody provides others. */
export function readLooks(): () => Looks {
  return getContext<(() => Looks) | undefined>(key) ?? (() => usualLooks);
}
