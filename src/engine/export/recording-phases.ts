import { formatBytes, formatCores, formatDuration } from '../../shared/format.ts';
import type { Overview } from '../../shared/recording.ts';
import { measureSpans } from '../recording/figures.ts';
import type { ExportSource } from './recording-export.ts';
import type { MeasuredPhase } from './recording-lead.ts';
import { formatClockTime } from './recording-words.ts';

/** What the documents of a recording say beside its figures: its phases, how it was measured, and its limits. */

/** Phases that are measured, markers that are listed: more nobody reads, and each phase costs. */
export const mostShown = 200;

export function measuredPhases({ story, recording }: ExportSource): {
  readonly shown: MeasuredPhase[];
  readonly left: number;
} {
  const phases = story.phases.filter(({ kind }) => kind === 'run' || kind === 'marked');
  const measured = phases.slice(0, mostShown);
  const spans = measureSpans(recording, measured);
  return {
    shown: measured.flatMap((phase, index) => {
      const found = spans[index];
      return found === undefined ? [] : [{ phase, ...found }];
    }),
    left: phases.length - measured.length,
  };
}

export const phaseHead = ['Phase', 'From', 'Length', 'CPU time', 'Cores', 'Peak PSS', 'Waiting'] as const;

export function phaseCells({ phase, figures }: MeasuredPhase): readonly string[] {
  const block = phase.details['block'];
  return [
    block === undefined ? phase.name : `${phase.name} (${block === 'warm-up' ? block : `block ${block}`})`,
    formatClockTime(phase.fromMs),
    formatDuration(figures.durationMs) + (phase.ended ? '' : ', cut off'),
    formatDuration(figures.cpuSeconds * 1000),
    formatCores(figures.meanCores),
    formatBytes(figures.peakPssBytes),
    formatCores(figures.meanWaiting),
  ];
}

export function methodOf(
  { manifest }: ExportSource,
  overview: Overview,
  phases: readonly MeasuredPhase[],
): string[] {
  const summary = manifest?.summary ?? null;
  const sampling =
    manifest === null
      ? []
      : [
          `Sampled every ${formatDuration(manifest.requestedEveryMs)}` +
            (summary === null
              ? '.'
              : ` (achieved: ${formatDuration(summary.achievedEveryMs)}; ${summary.missedTicks} ticks missed, ${summary.lostFrames} samples lost). ` +
                `The sampler itself took ${formatCores(summary.ownCpuShare)} cores and ${formatBytes(summary.ownRssBytes)}; neither is in the figures of the watched processes.`),
        ];
  return [
    ...sampling,
    'Cores: CPU time of the watched processes per time, as the kernel counted it. Peak PSS: most memory at one sample, shared pages divided among their users. Waiting: threads that were ready and had no core, on average.',
    ...summarizedOf(phases),
    `Pictures: a column stands for ${formatDuration(overview.bucketMs)}; colour and line are the mean of its samples, the band reaches from their least to their most. A gap in a line is a time in which the figure was not known: the PSS of a process that has just come is read within a second.`,
  ];
}

/** Which phases are true only to the width of a summary. */
function summarizedOf(phases: readonly MeasuredPhase[]): string[] {
  const summarized = phases.filter(({ summaryMs }) => summaryMs !== null);
  if (summarized.length === 0) return [];
  const widthMs = Math.max(...summarized.map(({ summaryMs }) => summaryMs ?? 0));
  const least = Math.min(...summarized.map(({ figures }) => figures.durationMs));
  const which =
    summarized.length === phases.length ? 'Phases' : `Phases of ${formatDuration(least)} and more`;
  return [
    `${which} are measured by the summaries of their samples, of up to ${formatDuration(widthMs)} each, and not sample by sample: what lies within that of their beginning or end may be counted in them or not.`,
  ];
}

export function limitsOf({ recording }: ExportSource): string[] {
  return [
    'A sample tells of the time since the one before: what lasts less than an interval is seen only in sums, and a peak of memory between two samples is not seen.',
    'The picture of the cores is of the whole machine, other programs included.',
    'Figures are of one recording and have no interval: whether a difference is real, only repeated runs can tell (corescope compare).',
    ...recording.problems().map(({ message }) => `Missing: ${message}`),
  ];
}
