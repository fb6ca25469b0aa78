import { formatDuration, formatPercent } from '../../shared/format.ts';
import type { Overview } from '../../shared/recording.ts';
import type { OverviewFigures } from '../recording/figures.ts';
import type { Phase } from '../recording/phases.ts';
import type { MeasuredSpan } from '../recording/span-figures.ts';
import type { ExportSource } from './recording-export.ts';
import { formatBytes, formatClockTime, formatCores } from './recording-words.ts';

/** What is told of a recording first: one sentence that answers, and what stood out, the most telling first. */
export interface Lead {
  readonly sentence: string;
  readonly standOuts: readonly string[];
}

/** A phase with what it came to. */
export interface MeasuredPhase extends MeasuredSpan {
  readonly phase: Phase;
}

/** Where a figure is worth a sentence. Below these, a reader would look for something that is not there. */
const telling = {
  /** Load of other programs, as a share of all cores. */
  others: 0.1,
  /** Part of the time in which a quota held the work back. */
  throttled: 0.01,
  /** Threads that were ready and had no core, per core. */
  waiting: 0.25,
  /** Longest run by the shortest of the same name. */
  spread: 1.25,
} as const;

/** By the overview alone, so that an hour costs no more than a minute; the phases are measured already. */
export function leadOf(
  { manifest, span }: ExportSource,
  overview: Overview,
  figures: OverviewFigures,
  phases: readonly MeasuredPhase[],
): Lead {
  const { runCpuShare, runPssBytes } = figures.series;
  const cores = figures.cores.length;
  const runs = phases.filter(({ phase }) => phase.kind === 'run').length;
  const what =
    manifest === null || manifest.workload === null
      ? 'The program'
      : `${manifest.workload}${manifest.strategy === null ? '' : ` (${manifest.strategy})`}`;
  const words = [
    `${what} was watched for ${formatDuration(span.toMs - span.fromMs)}${runs > 1 ? `, in ${runs} runs` : ''}`,
    Number.isNaN(runCpuShare.mean)
      ? 'what CPU it used is not known'
      : `it kept ${formatCores(runCpuShare.mean)} of ${cores} cores busy on average and ${formatCores(runCpuShare.max)} at most`,
    Number.isNaN(runPssBytes.max)
      ? 'what memory it took is not known'
      : `it took ${formatBytes(runPssBytes.max)} of memory at most (PSS), at ${peakTime(overview)}`,
  ];
  return {
    sentence: `${words.join('; ')}.`,
    standOuts: [...standOutsOf(manifest, figures), ...mostWaiting(phases, cores), ...unevenRuns(phases)],
  };
}

function standOutsOf(manifest: ExportSource['manifest'], figures: OverviewFigures): string[] {
  const { runCpuShare, throttledShare, ownCpuShare } = figures.series;
  const cores = figures.cores.length;
  const known = figures.cores.filter((share) => !Number.isNaN(share));
  const machine = known.length === 0 ? Number.NaN : known.reduce((sum, share) => sum + share, 0);
  const others = machine - runCpuShare.mean - ownCpuShare.mean;
  const told: string[] = [];
  if (throttledShare.mean >= telling.throttled) {
    told.push(`A CPU quota held the work back for ${formatPercent(throttledShare.mean)} of the time.`);
  }
  if (others >= telling.others * cores) {
    told.push(
      `Other programs kept ${formatCores(others)} of ${cores} cores busy: on an idle machine times may be shorter.`,
    );
  }
  if (cores > 1 && runCpuShare.max < 1.2 && runCpuShare.mean > 0.5) {
    told.push(`It never used much more than one of ${cores} cores: it ran one thing at a time.`);
  }
  const summary = manifest?.summary ?? null;
  if (summary === null) {
    told.push('The recording was never closed: its last second may be missing.');
  } else if (summary.lostFrames > 0 || summary.missedTicks > 0) {
    told.push(
      `The recording has gaps: ${summary.lostFrames} samples were lost, ${summary.missedTicks} were not taken in time.`,
    );
  }
  return told;
}

function peakTime({ series, startMs, bucketMs }: Overview): string {
  const { max } = series.runPssBytes;
  let [at, most] = [0, Number.NEGATIVE_INFINITY];
  max.forEach((value, bucket) => {
    if (value > most) [at, most] = [bucket, value];
  });
  return formatClockTime(Math.max(0, startMs + at * bucketMs));
}

function mostWaiting(phases: readonly MeasuredPhase[], cores: number): string[] {
  let most: MeasuredPhase | null = null;
  for (const phase of phases) {
    if (phase.figures.meanWaiting > (most?.figures.meanWaiting ?? 0)) most = phase;
  }
  if (most === null || most.figures.meanWaiting < telling.waiting * Math.max(1, cores)) return [];
  return [
    `In ${most.phase.name}, from ${formatClockTime(most.phase.fromMs)} on, ${formatCores(most.figures.meanWaiting)} threads on average were ready and had no core.`,
  ];
}

/** What runs of one name, warm-ups left out, took at best and at worst. */
function unevenRuns(phases: readonly MeasuredPhase[]): string[] {
  const byName = new Map<string, number[]>();
  for (const { phase, figures } of phases) {
    if (phase.kind !== 'run' || !phase.ended || phase.details['block'] === 'warm-up') continue;
    byName.set(phase.name, [...(byName.get(phase.name) ?? []), figures.durationMs]);
  }
  return [...byName].flatMap(([name, lengths]) => {
    const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
    if (lengths.length < 2 || most / least < telling.spread) return [];
    return [
      `Runs of ${name} differed: ${formatDuration(least)} to ${formatDuration(most)}, ${lengths.length} of them.`,
    ];
  });
}
