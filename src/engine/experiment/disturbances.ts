import type { Disturbance } from '../../shared/experiment.ts';
import { formatBytes, formatCores } from '../../shared/format.ts';
import type { MachineCounters } from './machine-counters.ts';
import type { RunObservation } from './run-observation.ts';

/**
 * Cores that other programs may keep busy: a desktop at rest and the error of the reading stay below. Higher overlooks
 * a neighbour that takes a quarter of a core, lower flags every run.
 */
const mostBackgroundCores = 0.25;
/** The same as a share of all cores: on a large machine a little of everything adds up. */
const mostBackgroundShare = 0.05;
/** Share of all cores' time that the hypervisor gave to others. */
const mostStolenShare = 0.02;
/** Less is the kernel tidying up. */
const mostSwappedBytes = 1e6;
/** Shorter runs have too few samples to tell others' time from their own. */
const shortestMs = 400;

const pageBytes = 4096;

/**
 * What happened during a run and is none of its doing. Others' CPU time is what all cores did, less what the run and
 * Corescope did.
 *
 * `runCpuMs`: the kernel's own account of the run, shortest-lived processes included; null: by the samples.
 */
export function findDisturbances(
  observation: RunObservation | null,
  runCpuMs: number | null,
  before: MachineCounters,
  after: MachineCounters,
): Disturbance[] {
  return [
    ...(observation === null || observation.spanMs < shortestMs
      ? []
      : [...findBackground(observation, runCpuMs), ...findSteal(observation)]),
    ...findHeat(before, after),
    ...findSwapping(before, after),
    ...(observation === null ? [] : findMissedTicks(observation)),
  ];
}

function findBackground(observation: RunObservation, runCpuMs: number | null): Disturbance[] {
  const { busyMs, ownCpuMs, spanMs, coreCount } = observation;
  const others = (busyMs - ownCpuMs - Math.max(observation.runCpuMs, runCpuMs ?? 0)) / spanMs;
  if (!(others > Math.max(mostBackgroundCores, mostBackgroundShare * coreCount))) return [];
  return [{ kind: 'background-load', detail: `Other programs kept ${formatCores(others)} cores busy.` }];
}

function findSteal({ stolenMs, spanMs, coreCount }: RunObservation): Disturbance[] {
  const share = stolenMs / (spanMs * coreCount);
  if (!(share > mostStolenShare)) return [];
  return [
    {
      kind: 'steal',
      detail: `The hypervisor gave ${Math.round(share * 100)} % of the cores' time to other machines.`,
    },
  ];
}

function findHeat(before: MachineCounters, after: MachineCounters): Disturbance[] {
  const times = difference(before.thermalThrottles, after.thermalThrottles);
  if (times === 0) return [];
  return [
    {
      kind: 'thermal-throttling',
      detail: `Cores were slowed down ${times} ${times === 1 ? 'time' : 'times'} because they were too hot.`,
    },
  ];
}

function findSwapping(before: MachineCounters, after: MachineCounters): Disturbance[] {
  const bytes = difference(before.swappedPages, after.swappedPages) * pageBytes;
  if (bytes <= mostSwappedBytes) return [];
  return [{ kind: 'swapping', detail: `The machine moved ${formatBytes(bytes)} to swap or back.` }];
}

function findMissedTicks({ missedTicks }: RunObservation): Disturbance[] {
  if (!(missedTicks > 0)) return [];
  return [
    {
      kind: 'missed-ticks',
      detail: `${missedTicks} ${missedTicks === 1 ? 'sample was' : 'samples were'} not taken in time: peaks may be missing.`,
    },
  ];
}

/** 0 where either is unknown or the counter began anew. */
function difference(before: number | null, after: number | null): number {
  return Math.max(0, (after ?? 0) - (before ?? after ?? 0));
}
