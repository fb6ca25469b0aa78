import type { StrategyId } from '../../shared/workload.ts';
import type { ThemeName } from '../drawing/protocol.ts';

export interface StrategyColour {
  /** Bars, bands and dots; at least 3:1 against the panel. */
  readonly fill: string;
  /** Text on the fill; at least 4.5:1 against it. */
  readonly onFill: string;
}

type ColourFamily = 'one-worker' | 'threads' | 'processes';

/** Strategies of one family look alike: what they make of a core is what the colour tells. */
const families: Readonly<Record<StrategyId, ColourFamily>> = {
  serial: 'one-worker',
  async: 'one-worker',
  asyncio: 'one-worker',
  threads: 'threads',
  'thread-pool': 'threads',
  'interpreter-pool': 'threads',
  processes: 'processes',
  'process-pool': 'processes',
  cluster: 'processes',
  hybrid: 'processes',
  copies: 'processes',
};

/**
 * Blue and orange stay apart for every kind of colour blindness, and the neutral third differs from both in
 * saturation and lightness. Threads are blue and processes orange everywhere; the unit test simulates the rest.
 */
const familyColours: Readonly<Record<ThemeName, Readonly<Record<ColourFamily, StrategyColour>>>> = {
  dark: {
    'one-worker': { fill: '#8d96a5', onFill: '#101216' },
    threads: { fill: '#5aa9ff', onFill: '#101216' },
    processes: { fill: '#ffb545', onFill: '#101216' },
  },
  light: {
    'one-worker': { fill: '#6b7380', onFill: '#ffffff' },
    threads: { fill: '#1f63c4', onFill: '#ffffff' },
    processes: { fill: '#b35900', onFill: '#ffffff' },
  },
  'high-contrast': {
    'one-worker': { fill: '#dfe3ea', onFill: '#000000' },
    threads: { fill: '#52b0ff', onFill: '#000000' },
    processes: { fill: '#ffb000', onFill: '#000000' },
  },
};

export function strategyColour(theme: ThemeName, strategy: StrategyId): StrategyColour {
  return familyColours[theme][families[strategy]];
}
