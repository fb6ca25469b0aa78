import { withoutPlace } from '../engine/analysis/failure.ts';
import { nameWork } from '../engine/export/work-name.ts';
import type { ExperimentPlan, RunRecord } from '../shared/experiment.ts';
import type { ExperimentEvent, PlannedRun } from '../shared/experiment-event.ts';
import { formatBytes, formatDuration } from '../shared/format.ts';

/** The words of progress: pure, no colour, no terminal. */

export function nameRun(run: Pick<PlannedRun, 'strategy' | 'workers' | 'control'>): string {
  return `${run.strategy} × ${run.workers}${run.control === true ? ' again' : ''}`;
}

export function nameBlock(run: Pick<PlannedRun, 'block' | 'warmUp'>): string {
  return run.warmUp ? 'warm-up' : `block ${run.block}`;
}

/** What is about to be run, before the first run: `count-loop in Python 3.11.2 · 2 tasks · …`. */
export function describePlan(plan: ExperimentPlan, interpreterVersion: string, totalRuns: number): string {
  const { runtime, tasks } = plan.workload;
  const language = runtime === 'python' ? 'Python' : 'Node';
  return [
    runtime === 'command'
      ? nameWork(plan.workload)
      : `${nameWork(plan.workload)} in ${language} ${interpreterVersion}`,
    count(tasks, 'task'),
    plan.strategies.join(', '),
    ...(plan.workerCounts.length > 1 ? [`${plan.workerCounts.join(', ')} workers`] : []),
    plan.adaptive === undefined
      ? `${count(plan.blocks, 'block')} + ${plan.warmUpBlocks} warm-up`
      : `blocks until ± ${percent(plan.adaptive.targetHalfWidth)} or ${formatClock(plan.adaptive.timeMs)}`,
    ...(plan.adaptive === undefined ? [count(totalRuns, 'run')] : []),
  ].join(' · ');
}

/** `after 8 blocks: ± 4.1 % (wanted ± 3 %), 1:10 of 5:00`. */
export function describeLook(look: Extract<ExperimentEvent, { type: 'looked' }>): string {
  const { blocks, halfWidth, targetHalfWidth, spentMs, budgetMs, stoppedBy } = look;
  const width =
    halfWidth === null ? 'no interval yet' : halfWidth > 1 ? 'over ± 100 %' : `± ${percent(halfWidth)}`;
  const ending = { narrow: '; narrow enough', blocks: '; no more blocks', time: '; the time is used up' };
  return (
    `after ${count(blocks, 'block')}: ${width} (wanted ± ${percent(targetHalfWidth)}), ` +
    `${formatClock(spentMs)} of ${formatClock(budgetMs)}${stoppedBy === null ? '' : ending[stoppedBy]}`
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** One finished run as a line: `run 7/24 · block 2 · threads × 2 · 412 ms`. */
export function describeEndedRun(
  run: PlannedRun,
  record: RunRecord,
  totalRuns: number,
  told: ToldFailures = new Map(),
): string {
  return `run ${run.order}/${totalRuns} · ${nameBlock(run)} · ${nameRun(run)} · ${describeOutcome(record, told)}`;
}

/** The number of the run of which a reason was told first: a mistake in the work fails every run in the same words. */
export type ToldFailures = Map<string, number>;

function describeOutcome(record: RunRecord, told: ToldFailures): string {
  switch (record.state) {
    case 'finished':
      return formatDuration(record.wallMs);
    case 'failed':
      return describeFailure(record, told);
    case 'timed-out':
      return `timed out after ${formatDuration(record.afterMs)}`;
    case 'cancelled':
      return 'cancelled';
  }
}

function describeFailure(
  { order, problem }: Extract<RunRecord, { state: 'failed' }>,
  told: ToldFailures,
): string {
  const reason = withoutPlace(problem.message);
  const before = told.get(reason);
  if (before !== undefined) return `failed as run ${before} did`;
  told.set(reason, order);
  return `failed: ${problem.message}`;
}

/** `run 7/24 · block 2 · threads × 2 · 0:12, about 0:20 left`. */
export function describeRunUnderWay(
  run: PlannedRun,
  totalRuns: number,
  elapsedMs: number,
  remainingMs: number | null,
): string {
  const left = remainingMs === null ? '' : `, about ${formatClock(remainingMs)} left`;
  return `run ${run.order}/${totalRuns} · ${nameBlock(run)} · ${nameRun(run)} · ${formatClock(elapsedMs)}${left}`;
}

/** Minutes and seconds, with hours where there are any: `0:07`, `12:30`, `1:02:03`. */
export function formatClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  return `${hours > 0 ? `${hours}:${twoDigits(minutes)}` : minutes}:${twoDigits(seconds % 60)}`;
}

const levels = '▁▂▃▄▅▆▇█';

/**
 * One glyph per core, in the order of the system's core numbers: `cores ▁▇`. An unknown load is a dot, never the
 * lowest bar. Where there are more cores than `width`, neighbours share a glyph that shows their mean.
 */
export function drawCores(coreBusy: ArrayLike<number>, width: number): string {
  const perGlyph = Math.max(1, Math.ceil(coreBusy.length / Math.max(1, width)));
  let glyphs = '';
  for (let start = 0; start < coreBusy.length; start += perGlyph) {
    const shares = Array.from(coreBusy).slice(start, start + perGlyph);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    glyphs += Number.isNaN(mean)
      ? '·'
      : levels.charAt(Math.min(levels.length - 1, Math.floor(mean * levels.length)));
  }
  return perGlyph === 1 ? `cores ${glyphs}` : `cores ${glyphs} (${perGlyph} each)`;
}

/** `memory 84.1 MB`; the sum of resident sizes is marked, for it counts shared pages more than once. */
export function describeMemory(memory: { readonly pssBytes: number; readonly rssBytes: number }): string {
  const onlyResident = Number.isNaN(memory.pssBytes) && !Number.isNaN(memory.rssBytes);
  return onlyResident
    ? `memory ${formatBytes(memory.rssBytes)} (resident sizes added up)`
    : `memory ${formatBytes(memory.pssBytes)}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
