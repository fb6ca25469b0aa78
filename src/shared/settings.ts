import { heatScales, type HeatScale } from './palette.ts';
import { planLimits } from './plan-limits.ts';

/** What the user can set, the same for all windows. Main keeps it; pages get every change. */

export const themeChoices = ['system', 'light', 'dark', 'high-contrast'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** What 100 % of CPU is: one core fully busy, or all of the machine. */
export const cpuUnits = ['core', 'machine'] as const;
export type CpuUnit = (typeof cpuUnits)[number];

export interface AppSettings {
  readonly theme: ThemeChoice;
  readonly heatScale: HeatScale;
  readonly cpuUnit: CpuUnit;
  /** Of the whole page: 1 is the system's size. */
  readonly uiScale: number;
  /** How often the sampler looks, from the next start on. */
  readonly samplerHz: number;
  /** Null: the one that is found. From the next start on, as is the Node. */
  readonly pythonPath: string | null;
  readonly nodePath: string | null;
  /** Null: the system's folder for what programs keep. From the next start on, as is the budget. */
  readonly recordingsFolder: string | null;
  /** What unpinned recordings may take together before the oldest are removed. */
  readonly recordingsBudgetBytes: number;
  /** What a new comparison starts with: a run that takes longer is ended. */
  readonly timeLimitMs: number;
  /** Null: what keeps the machine from swapping. */
  readonly memoryLimitBytes: number | null;
  /** Whether the machine is kept from falling asleep while an experiment is on. */
  readonly keepAwake: boolean;
  /** Whether the end of a long experiment is told where no window has the focus. */
  readonly notifications: boolean;
}

export const defaultSettings: AppSettings = {
  theme: 'system',
  heatScale: heatScales[0],
  cpuUnit: 'core',
  uiScale: 1,
  samplerHz: 10,
  pythonPath: null,
  nodePath: null,
  recordingsFolder: null,
  recordingsBudgetBytes: 2e9,
  timeLimitMs: 60_000,
  memoryLimitBytes: null,
  keepAwake: true,
  notifications: true,
};

/** Inclusive. */
export const settingLimits = {
  uiScale: { min: 0.5, max: 3 },
  samplerHz: { min: 1, max: 100 },
  recordingsBudgetBytes: { min: 10e6, max: 10e12 },
  timeLimitMs: { min: planLimits.timeoutMs[0], max: planLimits.timeoutMs[1] },
  memoryLimitBytes: { min: planLimits.memoryLimitBytes[0], max: planLimits.memoryLimitBytes[1] },
} as const;

/** The sizes that zooming in and out steps through. */
const uiScales = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** The next larger (+1) or smaller (-1) size; the same one where there is none. */
export function nextUiScale(scale: number, direction: 1 | -1): number {
  const sizes = direction === 1 ? uiScales : uiScales.toReversed();
  return sizes.find((size) => (size - scale) * direction > 0.001) ?? scale;
}

/** What the processes beside main read once, when they start. */
export const readAtStart = [
  'samplerHz',
  'pythonPath',
  'nodePath',
  'recordingsFolder',
  'recordingsBudgetBytes',
] as const satisfies readonly (keyof AppSettings)[];

/** Whether a restart is needed before all that is set is so. */
export function needsRestart(settings: AppSettings, atStart: AppSettings): boolean {
  return readAtStart.some((name) => settings[name] !== atStart[name]);
}
