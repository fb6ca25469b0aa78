import type { Milliseconds } from '../../shared/units.ts';

/** How well so many busy cores use the cores that are meant to be used. */
export const utilisations = ['idle', 'poor', 'ok', 'ideal'] as const;
export type Utilisation = (typeof utilisations)[number];

/** Time with a number of cores busy, or a few neighbouring numbers where there are many. */
export interface BusyBin {
  readonly fromCores: number;
  readonly toCores: number;
  readonly ms: Milliseconds;
  /** Of the time that was sampled. */
  readonly share: number;
  readonly utilisation: Utilisation;
}

/** More bars than this cannot be told apart beside the timeline. */
const mostBins = 17;
/** Shares of the target from which use counts as ok, and as ideal: Intel VTune's limits. */
const okFrom = 0.5;
const idealFrom = 0.85;

/** No core is idle; up to half of the target is poor, above 85 % ideal (and beyond the target as well). */
export function utilisationOf(busyCores: number, targetCores: number): Utilisation {
  if (busyCores === 0) return 'idle';
  const share = busyCores / targetCores;
  if (share > idealFrom) return 'ideal';
  return share > okFrom ? 'ok' : 'poor';
}

/** The histogram of how many cores were busy; no core is always a bin of its own. */
export function busyBins(timeByBusyCores: ArrayLike<Milliseconds>, targetCores: number): readonly BusyBin[] {
  const cores = timeByBusyCores.length - 1;
  const allMs = Array.from(timeByBusyCores).reduce((sum, ms) => sum + ms, 0);
  const perBin = Math.max(1, Math.ceil(cores / (mostBins - 1)));
  const bins: BusyBin[] = [];
  for (let from = 0; from <= cores;) {
    const to = from === 0 ? 0 : Math.min(cores, from + perBin - 1);
    let ms = 0;
    for (let busy = from; busy <= to; busy += 1) ms += timeByBusyCores[busy] ?? 0;
    bins.push({
      fromCores: from,
      toCores: to,
      ms,
      share: ms / allMs,
      utilisation: utilisationOf((from + to) / 2, targetCores),
    });
    from = to + 1;
  }
  return bins;
}

/** Share of the time in each state, in the order of `utilisations`. */
export function timeByUtilisation(bins: readonly BusyBin[]): Readonly<Record<Utilisation, number>> {
  const shares = { idle: 0, poor: 0, ok: 0, ideal: 0 };
  for (const { utilisation, share } of bins) shares[utilisation] += share;
  return shares;
}
