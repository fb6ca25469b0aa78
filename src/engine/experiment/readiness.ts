import type { ReadinessNote } from '../../shared/experiment.ts';
import { formatBytes, formatCores } from '../../shared/format.ts';
import type { Bytes } from '../../shared/units.ts';

/** What is looked at before the first run. Null: not known, or there is none. */
export interface ReadinessFacts {
  readonly coreCount: number;
  /** Cores that other programs keep busy now. */
  readonly backgroundCores: number | null;
  /** The governors of all cores, each once: `performance`, `powersave` … */
  readonly governors: readonly string[];
  readonly onBattery: boolean | null;
  /** The warmest zone that has a limit at which the system slows the cores down. */
  readonly thermal: { readonly celsius: number; readonly limitCelsius: number } | null;
  readonly quotaCores: number | null;
  readonly availableBytes: Bytes | null;
  readonly memoryBytes: Bytes | null;
  /** The most workers that are planned. */
  readonly mostWorkers: number;
}

/** As for a run, see `disturbances.ts`: more of it shows in the figures. */
const mostBackgroundCores = 0.25;
const mostBackgroundShare = 0.05;
/** So near to the limit a minute of work reaches it. */
const nearLimitCelsius = 8;
/** Less is not enough for a handful of interpreters and what they work on. */
const leastAvailableBytes = 500e6;
const leastAvailableShare = 0.05;

/** What makes measurements worse, each with what to do about it; empty where nothing does. Pure. */
export function assessReadiness(facts: ReadinessFacts): ReadinessNote[] {
  return [
    ...assessBackground(facts),
    ...assessGovernor(facts),
    ...(facts.onBattery === true
      ? [
          note(
            'battery',
            'The computer runs on battery, and may slow the cores down to save it.',
            'Plug it in.',
          ),
        ]
      : []),
    ...assessHeat(facts),
    ...assessQuota(facts),
    ...assessMemory(facts),
  ];
}

function assessBackground({ backgroundCores, coreCount }: ReadinessFacts): ReadinessNote[] {
  if (backgroundCores === null) return [];
  if (!(backgroundCores > Math.max(mostBackgroundCores, mostBackgroundShare * coreCount))) return [];
  return [
    note(
      'background-load',
      `Other programs keep ${formatCores(backgroundCores)} of ${coreCount} cores busy.`,
      'Close them, or wait until they are done; otherwise intervals get wide, and more blocks are needed.',
    ),
  ];
}

function assessGovernor({ governors }: ReadinessFacts): ReadinessNote[] {
  const slow = governors.filter((name) => name !== 'performance');
  // With intel_pstate and amd-pstate, `powersave` follows the load; `ondemand` and the like do so more slowly.
  if (slow.length === 0) return [];
  return [
    note(
      'governor',
      `The frequency governor is "${slow.join('", "')}": cores begin slowly and speed up with the load.`,
      'Set it to "performance" (sudo cpupower frequency-set -g performance), or make tasks longer.',
    ),
  ];
}

function assessHeat({ thermal }: ReadinessFacts): ReadinessNote[] {
  if (thermal === null || thermal.celsius < thermal.limitCelsius - nearLimitCelsius) return [];
  return [
    note(
      'thermal',
      `The processor is at ${Math.round(thermal.celsius)} °C, and is slowed down at ${Math.round(thermal.limitCelsius)} °C.`,
      'Let it cool down first, or see to its cooling.',
    ),
  ];
}

function assessQuota({ quotaCores, mostWorkers }: ReadinessFacts): ReadinessNote[] {
  if (quotaCores === null || quotaCores >= mostWorkers) return [];
  return [
    note(
      'quota',
      `A control group allows ${formatCores(quotaCores)} cores' worth of CPU time, and up to ${mostWorkers} workers are planned.`,
      'This is what the work will meet here; raise the quota where the work is to run without one.',
    ),
  ];
}

function assessMemory({ availableBytes, memoryBytes }: ReadinessFacts): ReadinessNote[] {
  if (availableBytes === null) return [];
  const least = Math.max(leastAvailableBytes, leastAvailableShare * (memoryBytes ?? 0));
  if (availableBytes >= least) return [];
  return [
    note(
      'memory',
      `Only ${formatBytes(availableBytes)} of memory are available: the machine may swap.`,
      'Close other programs, or give the work less data or fewer workers.',
    ),
  ];
}

function note(kind: ReadinessNote['kind'], message: string, advice: string): ReadinessNote {
  return { kind, message, advice };
}
