import { formatBytes, formatCores } from '../../shared/format.ts';
import type { WatchRow, WatchView } from '../../engine/watch/tree-watch.ts';
import { alignColumns } from '../columns.ts';
import { formatClock } from '../progress-text.ts';
import type { Colours } from '../terminal.ts';

/** The newest column is the last. NaN is unknown. */
export type CoreHistory = readonly Float64Array[];

const levels = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * The live picture: a row of the heatmap per core (or per group of neighbours, their mean, where there are more cores
 * than rows), then the tree, cut to `height` lines.
 */
export function drawWatch(
  view: WatchView,
  history: CoreHistory,
  screen: { readonly width: number; readonly height: number; readonly elapsedMs: number },
  colours: Colours,
): string {
  const { width, height, elapsedMs } = screen;
  const cores = drawHeatmap(
    history,
    { width, rows: Math.max(1, Math.min(16, Math.floor(height / 3))) },
    colours,
  );
  const [root] = view.rows;
  const slowed =
    view.everyMs > view.requestedEveryMs
      ? ` · sampling slowed to ${(1000 / view.everyMs).toFixed(1)} Hz to stay cheap`
      : '';
  const title =
    root === undefined
      ? ''
      : colours.bold(
          `${formatClock(elapsedMs)} · ${formatCores(root.totalCpuShare)} cores · ${formatBytes(memoryOf(root))}${slowed}`,
        );
  const left = Math.max(2, height - cores.length - 3);
  const shown = view.rows.slice(0, left);
  const more = view.rows.length - shown.length;
  return [
    title,
    ...cores,
    ...drawTree(shown, width, colours),
    ...(more > 0 ? [colours.dim(`… and ${more} more`)] : []),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** One line per core: its number and its busy share over time, coloured by how busy. */
export function drawHeatmap(
  history: CoreHistory,
  { width, rows }: { readonly width: number; readonly rows: number },
  colours: Colours,
): string[] {
  const coreCount = history.at(-1)?.length ?? 0;
  const perRow = Math.max(1, Math.ceil(coreCount / rows));
  const groups = Array.from({ length: Math.ceil(coreCount / perRow) }, (_, group) => group * perRow);
  const label = (first: number): string =>
    perRow === 1 ? `${first}` : `${first}-${Math.min(first + perRow, coreCount) - 1}`;
  const labelWidth = Math.max(0, ...groups.map((first) => label(first).length));
  const columns = history.slice(-Math.max(1, width - labelWidth - 8));
  return groups.map((first) => {
    const glyphs = columns.map((busy) => drawShare(meanOf(busy.subarray(first, first + perRow)), colours));
    return `${colours.dim(`core ${label(first).padStart(labelWidth)}`)}  ${glyphs.join('')}`;
  });
}

/** A bar in eight steps; unknown is a dot, never an empty bar. */
function drawShare(share: number, colours: Colours): string {
  if (Number.isNaN(share)) return colours.dim('·');
  const step = Math.min(levels.length - 1, Math.max(0, Math.round(share * (levels.length - 1))));
  const glyph = levels[step] ?? ' ';
  if (share < 0.34) return colours.green(glyph);
  return share < 0.75 ? colours.yellow(glyph) : colours.red(glyph);
}

function meanOf(shares: Float64Array): number {
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function memoryOf(row: WatchRow): number {
  return Number.isNaN(row.totalPssBytes) ? row.totalRssBytes : row.totalPssBytes;
}

function drawTree(rows: readonly WatchRow[], width: number, colours: Colours): string[] {
  // Figures first, in columns, for names have no end.
  const head = ['self', 'total', 'PSS', 'wait', 'core'].map((title) => colours.dim(title));
  const cells = rows.map((row) => [
    formatCores(row.cpuShare),
    formatCores(row.totalCpuShare),
    Number.isNaN(row.totalPssBytes) && !Number.isNaN(row.totalRssBytes)
      ? `${formatBytes(row.totalRssBytes)} RSS`
      : formatBytes(row.totalPssBytes),
    formatCores(row.waitShare),
    Number.isNaN(row.lastCore) ? '' : String(row.lastCore),
  ]);
  const figures = alignColumns([head, ...cells].map((line) => ['', ...line])).split('\n');
  const figureWidth = 46;
  return figures.map((line, index) => {
    const row = rows[index - 1];
    // The first column is the empty one that makes all others stand to the right.
    const text = line.slice(2);
    if (row === undefined) return `${text}  ${colours.dim('process')}`;
    const room = Math.max(8, width - figureWidth);
    return `${text.padEnd(visibleWidth(figures, index))}  ${cut(`${'  '.repeat(row.depth)}${nameOf(row)}`, room)}`;
  });
}

function visibleWidth(lines: readonly string[], index: number): number {
  const [head] = lines;
  return Math.max(0, ...(index === 0 ? [head ?? ''] : lines.slice(1)).map((line) => line.length - 2));
}

function nameOf({ info }: WatchRow): string {
  switch (info.kind) {
    case 'process':
      return `${info.pid} ${printable(info.commandLine === '' ? info.name : info.commandLine)}`;
    case 'thread':
      return `· ${printable(info.name)}${info.tid === null ? '' : ` (${info.tid})`}`;
    case 'exited-children':
      return 'exited children';
    case 'unattributed':
      return 'unattributed';
  }
}

function cut(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

/** A process may be called anything, escape codes included. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
