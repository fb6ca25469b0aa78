import { compareRecordings, type FigureDelta } from '../../engine/recording/compare.ts';
import { shareOfCode, type Recording } from '../../engine/recording/open-recording.ts';
import { readStory } from '../../engine/recording/phases.ts';
import { figureWords, formatDelta } from '../../engine/recording/span-figures.ts';
import { formatFactor } from '../../shared/format.ts';
import type { Overview } from '../../shared/recording.ts';
import type { ComparedFigure, ComparedRecordings } from '../../shared/recordings-requests.ts';
import { succeed, type Result } from '../../shared/result.ts';
import type { OpenRecordings } from './open-recordings.ts';

/** Names to align by that are offered; further ones are the tasks of a long list. */
const mostAlignNames = 50;

/** Compares recordings that windows have open or name by their files. */
export function compareOpen(
  open: OpenRecordings,
  paths: readonly string[],
  alignBy: string | null,
): Result<ComparedRecordings> {
  const recordings: Recording[] = [];
  for (const path of paths) {
    const got = open.get(path);
    if (!got.ok) return got;
    recordings.push(got.value);
  }
  const compared = compareRecordings(recordings, alignBy);
  if (!compared.ok) return compared;
  const { alignedBy, deltas, differences, comparable, reasons } = compared.value;
  return succeed({
    alignedBy,
    alignNames: namesOfAll(recordings),
    recordings: compared.value.recordings.map(({ path, title, spans, overlay }, index) => {
      const recording = recordings[index];
      return {
        path,
        title,
        startedUnixMs: recording?.manifest?.startedUnixMs ?? null,
        spanCount: spans.length,
        firstSpan: spans[0] ?? { fromMs: 0, toMs: 0 },
        bucketMs: overlay.bucketMs,
        machineCores: machineCoresOf(overlay),
        runCores: overlay.series.runCpuShare.mean,
        pssBytes: overlay.series.runPssBytes.mean,
        rssBytes: overlay.series.runRssBytes.mean,
      };
    }),
    figures: deltas.map((figures) => figures.map(inWords)),
    differences,
    comparable,
    reasons,
  });
}

/** What a comparison can be aligned by: phases and markers that every one of the recordings has. */
function namesOfAll(recordings: readonly Recording[]): string[] {
  const [first = [], ...others] = recordings.map((recording) => {
    const { phases, moments } = readStory(recording.events(), recording.span.toMs);
    const of = (kind: string): string[] =>
      phases.filter((phase) => phase.kind === kind).map(({ name }) => name);
    const markers = moments.filter(({ kind }) => kind === 'marker').map(({ name }) => name);
    return [...new Set([...of('marked'), ...markers, ...of('run'), ...of('part')])];
  });
  return first.filter((name) => others.every((names) => names.includes(name))).slice(0, mostAlignNames);
}

/** Sum of the cores' mean load; NaN where one of them is not known. */
function machineCoresOf({ cores, bucketCount }: Overview): Float32Array {
  const sums = new Float32Array(bucketCount).fill(cores.length === 0 ? Number.NaN : 0);
  for (const { mean } of cores) {
    mean.forEach((code, bucket) => {
      sums[bucket] = (sums[bucket] ?? Number.NaN) + shareOfCode(code);
    });
  }
  return sums;
}

function inWords({ figure, base, other, delta, ratio }: FigureDelta): ComparedFigure {
  const { name, format } = figureWords[figure];
  return {
    name: name.charAt(0).toUpperCase() + name.slice(1),
    base: format(base),
    other: format(other),
    delta: formatDelta(figure, delta),
    ratio: formatFactor(ratio),
  };
}
