import type { RecordingManifest } from '../../shared/recording.ts';
import { formatBytes, formatCores, formatDuration, notAvailable } from '../../shared/format.ts';
import type { OverviewFigures } from '../recording/figures.ts';

export { formatBytes, formatCores } from '../../shared/format.ts';

/** A time of the session: `12.3 s`, `1:02:03`. */
export function formatClockTime(atMs: number): string {
  if (Math.abs(atMs) < 120_000) return `${(atMs / 1000).toFixed(1)} s`;
  const seconds = Math.floor(atMs / 1000);
  const two = (value: number): string => String(value % 60).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds)}`
    : `${Math.floor(minutes / 60)}:${two(minutes)}:${two(seconds)}`;
}

export function formatShare(share: number): string {
  return Number.isNaN(share) ? notAvailable : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

export type Fact = readonly [name: string, value: string];

/** What the recording was made of and on; only what is known. */
export function factsOf(manifest: RecordingManifest): Fact[] {
  const { machine, interpreter, summary } = manifest;
  const facts: (readonly [string, string | number | null | undefined])[] = [
    ['Recorded', new Date(manifest.startedUnixMs).toISOString().slice(0, 19).replace('T', ' ') + ' UTC'],
    ['Workload', manifest.workload],
    ['Command', manifest.command?.join(' ')],
    ['Strategies', manifest.strategy],
    ['Workers', manifest.workers],
    [
      'Interpreter',
      interpreter === null ? null : `${interpreter.implementation} ${interpreter.version}`.trim(),
    ],
    ['Global interpreter lock', gil(interpreter?.gilEnabled)],
    ['Seed', manifest.seed],
    ['CPU', machine === null ? null : `${machine.cpuModel}, ${machine.logicalCores} logical cores`],
    ['Memory', machine === null ? null : formatBytes(machine.memoryBytes)],
    ['System', machine === null ? null : `${machine.os}, kernel ${machine.kernel}, ${machine.arch}`],
    ['Virtualization', machine?.virtualization],
    ['CPU quota', manifest.quotaCores === null ? null : `${manifest.quotaCores} cores`],
    ['Governor', manifest.governor],
    [
      'Versions',
      Object.entries(manifest.versions)
        .map((entry) => entry.join(' '))
        .join(', ') || null,
    ],
    [
      'Sampling',
      summary === null
        ? `every ${formatDuration(manifest.requestedEveryMs)} asked for; never closed`
        : `every ${formatDuration(manifest.requestedEveryMs)} asked for, ${formatDuration(summary.achievedEveryMs)} achieved; ` +
          `${summary.missedTicks} ticks missed, ${summary.lostFrames} samples lost`,
    ],
    [
      "Corescope's own cost",
      summary === null
        ? null
        : `${formatCores(summary.ownCpuShare)} cores, ${formatBytes(summary.ownRssBytes)}`,
    ],
    ['Made by', `Corescope ${manifest.corescopeVersion}`],
  ];
  return facts.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, String(value)] as const],
  );
}

function gil(enabled: boolean | null | undefined): string | null {
  if (enabled === null || enabled === undefined) return null;
  return enabled ? 'on' : 'off';
}

/** The figures of a whole recording. */
export function figureFacts(figures: OverviewFigures): Fact[] {
  const { series, cores } = figures;
  const known = cores.filter((share) => !Number.isNaN(share));
  const machine = known.length === 0 ? Number.NaN : known.reduce((sum, share) => sum + share, 0);
  return [
    [
      'CPU of the watched processes',
      `${formatCores(series.runCpuShare.mean)} cores on average, ${formatCores(series.runCpuShare.max)} at most`,
    ],
    ['Memory (PSS) at most', formatBytes(series.runPssBytes.max)],
    ['Memory (RSS added up) at most', formatBytes(series.runRssBytes.max)],
    [
      'Processes at most',
      Number.isNaN(series.runProcesses.max) ? notAvailable : String(series.runProcesses.max),
    ],
    ['Load of the machine', `${formatCores(machine)} of ${cores.length} cores`],
    ['Held back by a quota', formatShare(series.throttledShare.mean)],
  ];
}
