import Table from 'cli-table3';
import picocolors from 'picocolors';
import type { Experiment, StrategyResult } from '../../shared/experiment.ts';
import {
  formatBytes,
  formatCores,
  formatCpuSeconds,
  formatDuration,
  formatFactor,
  formatInterval,
  notAvailable,
} from '../../shared/format.ts';
import { verdictSentences } from '../../shared/verdict-sentence.ts';
import { strategyName } from '../analysis/runs.ts';
import {
  describeFit,
  describeWork,
  holdsFor,
  interpreterName,
  isRecommended,
  objectiveNames,
} from './describe.ts';
import { noLines } from './table-lines.ts';
import { wrap } from './wrap.ts';

export interface TextOptions {
  /** Width of the terminal in characters; 80 is a good guess for a pipe. */
  readonly columns: number;
  /** Whether escape codes may be used; false for a pipe. */
  readonly colour: boolean;
}

interface Column {
  readonly title: string;
  readonly cell: (result: StrategyResult) => string;
}

/** Narrower terminals leave out the intervals of the wall time and the CPU seconds. */
const columnsForAll = 122;
/** Still narrower ones leave out what it costs; the answer tells the recommended one's. */
const columnsForCosts = 76;

/**
 * The result for a terminal: the verdict, the table, the evidence. Lines are at most `columns` wide down to 54; below
 * that the table keeps its width, for a broken table is worse than a wrapped one. Ends with a line feed.
 */
export function experimentToText(experiment: Experiment, { columns, colour }: TextOptions): string {
  const paint = picocolors.createColors(colour);
  const { verdict } = experiment;
  const stateColour = {
    winner: paint.green,
    'no-difference': paint.yellow,
    'not-compared': paint.cyan,
    failed: paint.red,
  }[verdict.state];
  // Nothing in colour is escape codes, which are not nothing.
  const dimmed = (text: string): string => (text === '' ? '' : paint.dim(text));
  const evidence = verdict.evidence.map((line) => wrap(line, columns, '  - ', '    ')).join('\n');
  const parts = [
    describeVerdict(experiment, columns, (text) => paint.bold(stateColour(text))),
    // Without a run that finished, a table of n/a tells nothing.
    experiment.strategies.some(hasFinished) ? resultTable(experiment, columns, paint) : '',
    dimmed(wrap(printable(describeAim(experiment)), columns)),
    evidence === '' ? '' : `${paint.bold('Evidence')}\n${printable(evidence)}`,
    dimmed(describeScaling(experiment, columns)),
    paint.dim(wrap(printable(describeSetting(experiment)), columns)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** What to run on a line of its own, and below it why, a line for each clause: the sentence alone is a dense block. */
function describeVerdict(
  { verdict }: Experiment,
  columns: number,
  emphasise: (text: string) => string,
): string {
  const { recommended, answer, sentence } = verdict;
  const [first = '', ...reasons] =
    recommended === null || answer === null
      ? [sentence]
      : verdictSentences(strategyName(recommended), answer);
  return [
    emphasise(wrap(printable(first), columns)),
    ...reasons.map((reason) => wrap(printable(reason), columns, '  ')),
  ].join('\n');
}

function resultTable(
  experiment: Experiment,
  columns: number,
  paint: ReturnType<typeof picocolors.createColors>,
): string {
  const shown =
    columns >= columnsForAll ? wideColumns : columns >= columnsForCosts ? narrowColumns : slimColumns;
  const table = new Table({
    head: ['', ...shown.map(({ title }) => title)].map((title) => paint.dim(title)),
    colAligns: ['left', ...shown.map(() => 'right' as const)],
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const result of experiment.strategies) {
    const isBest = isRecommended(result, experiment);
    const cells = [`${strategyName(result)}${isBest ? ' *' : ''}`, ...shown.map(({ cell }) => cell(result))];
    table.push(isBest ? cells.map((cell) => paint.bold(cell)) : cells);
  }
  // cli-table3 fills the last column up with blanks, which show when the text is pasted.
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function hasFinished({ runs }: StrategyResult): boolean {
  return runs.some(({ state }) => state === 'finished');
}

/** What the star means, what would change the answer, and where it holds. */
function describeAim({ verdict }: Experiment): string {
  if (verdict.recommended === null) return '';
  return [`* recommended for ${objectiveNames[verdict.objective]}.`, verdict.wouldChange, holdsFor]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** A line per strategy of which several numbers of workers were measured. */
function describeScaling({ scaling, plan }: Experiment, columns: number): string {
  if (plan.workerCounts.length < 2) return '';
  return scaling
    .map((strategy) => wrap(printable(`${strategy.strategy}: ${describeFit(strategy)}`), columns, '', '  '))
    .join('\n');
}

const speedupColumns: readonly Column[] = [
  { title: 'speed-up', cell: (result) => formatFactor(result.speedup?.median) },
  { title: '95 % interval', cell: speedupInterval },
];

const efficiencyColumn: Column = {
  title: 'efficiency',
  cell: ({ analysis, strategy }) =>
    strategy === 'serial' || !analysis?.efficiency
      ? notAvailable
      : `${Math.round(analysis.efficiency.median * 100)} %`,
};

const costColumns: readonly Column[] = [
  { title: 'cores', cell: (result) => formatCores(result.effectiveCores) },
  { title: 'start-up', cell: (result) => formatDuration(result.startupMs) },
  { title: 'memory', cell: describeMemory },
];

const narrowColumns: readonly Column[] = [
  { title: 'wall', cell: (result) => formatDuration(result.wallMs?.median) },
  ...speedupColumns,
  ...costColumns,
];

const slimColumns = narrowColumns.filter((column) => !costColumns.includes(column));

const wideColumns: readonly Column[] = [
  { title: 'wall', cell: (result) => formatDuration(result.wallMs?.median) },
  { title: '95 % interval', cell: (result) => formatInterval(result.wallMs, formatDuration) },
  ...speedupColumns,
  efficiencyColumn,
  ...costColumns,
  { title: 'CPU', cell: (result) => formatCpuSeconds(result.cpuSeconds) },
];

function speedupInterval(result: StrategyResult): string {
  return result.strategy === 'serial' && result.speedup !== null
    ? 'by definition'
    : formatInterval(result.speedup, formatFactor);
}

/** PSS, or where there is none the larger RSS, marked as such. */
function describeMemory(result: StrategyResult): string {
  if (result.peakPssBytes !== null || result.peakRssBytes === null) return formatBytes(result.peakPssBytes);
  return `${formatBytes(result.peakRssBytes)} RSS`;
}

function describeSetting(experiment: Experiment): string {
  const { plan, machine } = experiment;
  return (
    `${describeWork(experiment)}; ${interpreterName(experiment)}; ${plan.blocks} blocks in shuffled order, seed ${plan.seed}; ` +
    `${machine.cpuModel}, ${machine.logicalCores} logical cores, ${machine.os}.`
  );
}

/** Control characters in messages from outside would move the cursor or change colours; they become `?`. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '?');
}
