import { formatDuration } from '../../shared/format.ts';
import type { Overview } from '../../shared/recording.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { measureSpans } from './figures.ts';
import type { Recording, TimeSpan } from './open-recording.ts';
import { readStory, type Story } from './phases.ts';
import { differencesOf, type SettingDifference } from './settings.ts';
import type { SpanFigures } from './span-figures.ts';

/** One figure of two recordings. */
export interface FigureDelta {
  readonly figure: keyof SpanFigures;
  readonly base: number;
  readonly other: number;
  /** other - base; NaN where one of them is not known. */
  readonly delta: number;
  /** other / base; NaN as above, and for a base of 0. */
  readonly ratio: number;
}

/** What was measured of one of the recordings. */
export interface AlignedRecording {
  readonly path: string;
  readonly title: string;
  /** What the alignment found in it, first to last. */
  readonly spans: readonly TimeSpan[];
  /** Medians over the spans. */
  readonly figures: SpanFigures;
  /** Of the first span, for a picture: bucket 0 is at the alignment in every recording. */
  readonly overlay: Overview;
}

export interface RecordingComparison {
  /** What they were laid upon one another by: the name of a phase or marker, or null for the whole of them. */
  readonly alignedBy: string | null;
  /** The first is the base. */
  readonly recordings: readonly AlignedRecording[];
  /** For every recording but the first. */
  readonly deltas: readonly (readonly FigureDelta[])[];
  readonly differences: readonly SettingDifference[];
  /** Whether it was the same work on the same machine, seen in the same way. */
  readonly comparable: boolean;
  /** Why not; and what stands in the way of a simple answer where it is. One sentence each. */
  readonly reasons: readonly string[];
}

/** Buckets of an overlay: more than a picture shows. */
const overlayBuckets = 400;

/**
 * Lays recordings upon one another. `alignBy` is the name of a phase (all of that name are measured, warm-ups left
 * out) or of a marker (from there to the end). Without it: a name that all have (`work` of the runs, or what the
 * program marked), else the whole. Figures are given for unlike recordings as well, and never called comparable.
 */
export function compareRecordings(
  recordings: readonly Recording[],
  alignBy: string | null = null,
): Result<RecordingComparison> {
  const [base, ...others] = recordings;
  if (base === undefined || others.length === 0) {
    return fail('too-few-recordings', 'A comparison needs two recordings.', 'Name another one.');
  }
  const stories = recordings.map((recording) => readStory(recording.events(), recording.span.toMs));
  const name = alignBy ?? commonName(stories);
  const aligned: AlignedRecording[] = [];
  const remarks: string[] = [];
  for (const [index, recording] of recordings.entries()) {
    const story = stories[index];
    const spans =
      name === null || story === undefined ? [recording.span] : spansOf(story, name, recording.span);
    const [first] = spans;
    if (first === undefined) {
      return fail(
        'nothing-to-align',
        `${recording.path} has no phase or marker "${name ?? ''}".`,
        `It has: ${namesOf(story).slice(0, 12).join(', ') || 'none'}.`,
      );
    }
    const measured = measureSpans(recording, spans);
    const widthMs = Math.max(0, ...measured.map(({ summaryMs }) => summaryMs ?? 0));
    if (widthMs > 0) {
      remarks.push(
        `${recording.path} is too long to be read sample by sample: its figures are made of summaries of up to ${formatDuration(widthMs)}.`,
      );
    }
    aligned.push({
      path: recording.path,
      title: recording.manifest?.title ?? 'unknown',
      spans,
      figures: medians(measured.map(({ figures }) => figures)),
      overlay: recording.overview(first, overlayBuckets),
    });
  }
  const differences = differencesOf(recordings.map(({ manifest }) => manifest));
  const { comparable, reasons } = judge(recordings, differences);
  const [baseAligned, ...otherAligned] = aligned;
  return succeed({
    alignedBy: name,
    recordings: aligned,
    deltas: otherAligned.map(({ figures }) => deltasOf(baseAligned?.figures ?? figures, figures)),
    differences,
    comparable,
    reasons: [...reasons, ...remarks],
  });
}

function judge(
  recordings: readonly Recording[],
  differences: readonly SettingDifference[],
): Pick<RecordingComparison, 'comparable' | 'reasons'> {
  const reasons: string[] = [];
  for (const { path, manifest } of recordings) {
    if (manifest === null)
      reasons.push(`What ${path} was made of is lost, so nobody can say whether it is alike.`);
  }
  for (const { setting, weight } of differences) {
    if (weight === 'same-needed') reasons.push(`They differ in ${setting}.`);
  }
  const comparable = reasons.length === 0;
  const subjects = differences.filter(({ weight }) => weight === 'subject');
  if (subjects.length > 1) {
    const names = subjects.map(({ setting }) => setting).join(', ');
    reasons.push(
      `Several things were changed at once (${names}): none of them explains the difference alone.`,
    );
  }
  for (const { path, manifest } of recordings) {
    const lost = manifest?.summary?.lostFrames ?? 0;
    if (lost > 0) reasons.push(`${path} lost ${lost} samples.`);
    if (manifest !== null && manifest.summary === null) {
      reasons.push(`${path} was never closed: its end is missing.`);
    }
  }
  return { comparable, reasons };
}

/** Of an experiment, one of its kinds of run, for the parts of different kinds have nothing in common but a name. */
function commonName(stories: readonly Story[]): string | null {
  const [first, ...others] = stories.map(namesOf);
  const common = (first ?? []).filter((name) => others.every((names) => names.includes(name)));
  const kinds = stories.map(
    ({ phases }) => new Set(phases.filter(({ kind }) => kind === 'run').map(({ name }) => name)).size,
  );
  const isOfOneKind = kinds.every((count) => count === 1);
  return isOfOneKind && common.includes('work') ? 'work' : (common[0] ?? null);
}

/** Names to align by, the most telling first: runs, then what the program marked, then the parts of runs. */
function namesOf(story: Story | undefined): readonly string[] {
  if (story === undefined) return [];
  const of = (kind: string): string[] =>
    story.phases.filter((phase) => phase.kind === kind).map(({ name }) => name);
  const markers = story.moments.filter(({ kind }) => kind === 'marker').map(({ name }) => name);
  return [...new Set([...of('marked'), ...markers, ...of('run'), ...of('part')])];
}

function spansOf({ phases, moments }: Story, name: string, whole: TimeSpan): TimeSpan[] {
  const warmUps = new Set(
    phases.filter(({ details }) => details['block'] === 'warm-up').map(({ order }) => order),
  );
  const named = phases.filter((phase) => phase.name === name && phase.kind !== 'task');
  const counted = named.filter(({ order }) => order === null || !warmUps.has(order));
  // Where there is nothing but warm-ups, they are what was meant.
  const spans = (counted.length > 0 ? counted : named).map(({ fromMs, toMs }) => ({ fromMs, toMs }));
  if (spans.length > 0) return spans;
  const moment = moments.find((candidate) => candidate.kind === 'marker' && candidate.name === name);
  return moment === undefined ? [] : [{ fromMs: moment.atMs, toMs: whole.toMs }];
}

export const figureNames = [
  'durationMs',
  'cpuSeconds',
  'meanCores',
  'machineCores',
  'peakPssBytes',
  'peakRssBytes',
  'meanWaiting',
  'throttledShare',
  'peakProcesses',
  'frames',
] as const satisfies readonly (keyof SpanFigures)[];

function medians(all: readonly SpanFigures[]): SpanFigures {
  const of = (name: keyof SpanFigures): number => median(all.map((figures) => figures[name]));
  return {
    durationMs: of('durationMs'),
    frames: of('frames'),
    cpuSeconds: of('cpuSeconds'),
    meanCores: of('meanCores'),
    machineCores: of('machineCores'),
    peakPssBytes: of('peakPssBytes'),
    peakRssBytes: of('peakRssBytes'),
    meanWaiting: of('meanWaiting'),
    throttledShare: of('throttledShare'),
    peakProcesses: of('peakProcesses'),
  };
}

/** Of what is known; NaN where nothing is. */
function median(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort((one, other) => one - other);
  const middle = Math.floor(known.length / 2);
  const upper = known[middle] ?? Number.NaN;
  return known.length % 2 === 1 ? upper : ((known[middle - 1] ?? Number.NaN) + upper) / 2;
}

function deltasOf(base: SpanFigures, other: SpanFigures): FigureDelta[] {
  return figureNames.map((figure) => ({
    figure,
    base: base[figure],
    other: other[figure],
    delta: other[figure] - base[figure],
    ratio: base[figure] === 0 ? Number.NaN : other[figure] / base[figure],
  }));
}
