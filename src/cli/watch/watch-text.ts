import type { WatchSummary } from '../../engine/watch/tree-watch.ts';
import {
  formatBytes,
  formatCores,
  formatCpuSeconds,
  formatDuration,
  notAvailable,
} from '../../shared/format.ts';
import type { Colours } from '../terminal.ts';

export const watchSchemaId = 'corescope.watch/1';

/** What was watched, and how it ended. */
export interface WatchReport {
  readonly schema: typeof watchSchemaId;
  readonly corescopeVersion: string;
  readonly watched: { readonly pid: number; readonly command: readonly string[] | null };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** `exited`: by itself, the code or signal known only of one's own command; else why the watch ended before. */
  readonly ended: {
    readonly why: 'exited' | 'interrupted' | 'time';
    readonly code: number | null;
    readonly signal: string | null;
  };
  readonly summary: WatchSummary;
}

/** The report as JSON: numbers to the microsecond, the byte and the thousandth. */
export function reportToJson(report: WatchReport): string {
  const rounded = JSON.stringify(
    report,
    (_, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(6)) : value),
    2,
  );
  return `${rounded}\n`;
}

export function describeReport({ watched, ended, summary }: WatchReport, colours: Colours): string {
  const { bold, dim } = colours;
  const line = (name: string, value: string): string => `${dim(name.padEnd(11))} ${value}`;
  const switches =
    summary.voluntarySwitches === null || summary.involuntarySwitches === null
      ? notAvailable
      : `${summary.voluntarySwitches} gave way, ${summary.involuntarySwitches} pushed off`;
  const most = summary.mostThreadsAtOnce;
  const threads = most === null ? '' : `, ${most} ${most === 1 ? 'thread' : 'threads'}`;
  const lines = [
    bold(watched.command === null ? `pid ${watched.pid}` : watched.command.map(printable).join(' ')),
    line('ended', describeEnd(ended)),
    line('duration', formatDuration(summary.durationMs)),
    line('CPU', `${formatCpuSeconds(summary.cpuSeconds)} ${dim('exited children included')}`),
    line('cores', `${formatCores(summary.effectiveCores)} busy on average`),
    line('memory', describeMemory(summary)),
    line('wait', `${formatCpuSeconds(summary.waitSeconds)} ready to run without a core`),
    line('switches', switches),
    line('processes', `${summary.mostProcessesAtOnce} at once${threads}, ${summary.processes} in all`),
    line('disk', `${formatBytes(summary.readBytes)} read, ${formatBytes(summary.writtenBytes)} written`),
    line('ran on', describePlacement(summary)),
    ...summary.busiest.map(({ pid, commandLine, name, cpuSeconds }, index) =>
      line(
        index === 0 ? 'busiest' : '',
        `${formatCpuSeconds(cpuSeconds)}  ${pid} ${printable(commandLine === '' ? name : commandLine).slice(0, 60)}`,
      ),
    ),
    line('sampled', describeSampling(summary)),
  ];
  return `${lines.join('\n')}\n`;
}

function describeEnd({ why, code, signal }: WatchReport['ended']): string {
  switch (why) {
    case 'interrupted':
      return 'by Ctrl-C';
    case 'time':
      return 'the time was up';
    case 'exited':
      if (signal !== null) return `by signal ${signal}`;
      return code === null ? 'it exited' : `exit code ${code}`;
  }
}

function describeMemory({ peakPssBytes, peakRssBytes }: WatchSummary): string {
  if (peakPssBytes === null)
    return peakRssBytes === null ? notAvailable : `${formatBytes(peakRssBytes)} RSS at most`;
  return `${formatBytes(peakPssBytes)} PSS at most (resident sizes add up to ${formatBytes(peakRssBytes)})`;
}

/** In whole percent of the CPU time that could be placed; the most first. */
function describePlacement({ placement }: WatchSummary): string {
  const total = placement.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  if (total <= 0) return notAvailable;
  const most = [...placement].sort((left, right) => right.cpuSeconds - left.cpuSeconds);
  const shown = most
    .slice(0, 8)
    .map(({ core, cpuSeconds }) => `core ${core} ${Math.round((cpuSeconds / total) * 100)} %`);
  const rest = most.length > shown.length ? `, ${most.length - shown.length} more` : '';
  return `${shown.join(', ')}${rest} (approximate)`;
}

function describeSampling({ sampling }: WatchSummary): string {
  const { achievedEveryMs, missedTicks, ownCpuShare, ownRssBytes } = sampling;
  const own = ownCpuShare === null ? notAvailable : `${(ownCpuShare * 100).toFixed(1)} % of a core`;
  return `every ${formatDuration(achievedEveryMs)}, ${missedTicks} missed; Corescope itself took ${own} and ${formatBytes(ownRssBytes)}`;
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
