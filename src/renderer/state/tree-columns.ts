import { formatBytes, formatDuration, formatPercent, notAvailable } from '../../shared/format.ts';
import type { RowColumns, SampleFrame } from '../../shared/sample.ts';
import type { EntityDetail } from './entity-details.ts';
import type { TreeNode } from './process-tree.ts';

/** A column of the process table beside the name. */
export interface TreeColumn {
  readonly id: string;
  readonly label: string;
  /** What the number is, and how it was got. */
  readonly title: string;
  readonly widthPx: number;
  /** What it is sorted and filtered by; NaN is unknown. */
  readonly value: (node: TreeNode, frame: SampleFrame) => number | string;
  /** The frame's column that `value` is read from, where it is one: 5 000 values at once are read from there. */
  readonly rowColumn?: keyof RowColumns;
  /** Of a known value. */
  readonly format: (value: number) => string;
  /** The unit of `value` in a CSV; empty where it is a plain count or a text. */
  readonly unit: string;
  /** A sum that counts shared pages again: shown struck through. */
  readonly naive?: boolean;
  /** A picture and no number: in no copy of the table, and sorted by `value`. */
  readonly isDrawn?: boolean;
}

function ofRow(name: keyof RowColumns): Pick<TreeColumn, 'value' | 'rowColumn'> {
  return { rowColumn: name, value: ({ row }, frame) => frame[name][row] ?? Number.NaN };
}

function ofDetail(pick: (detail: EntityDetail) => number): TreeColumn['value'] {
  return ({ detail }) => (detail === undefined ? Number.NaN : pick(detail));
}

function count(value: number): string {
  return String(Math.round(value));
}

function perSecond(value: number): string {
  return value >= 99.5 || value === 0 ? count(value) : value.toFixed(1);
}

function bytesPerSecond(value: number): string {
  return `${formatBytes(value)}/s`;
}

/** The states that proc(5) names, in words. */
const stateNames: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'disk wait',
  T: 'stopped',
  t: 'traced',
  Z: 'zombie',
  X: 'dead',
  I: 'idle',
};

function stateName(code: number): string {
  const letter = String.fromCharCode(code);
  return stateNames[letter] ?? letter;
}

const columns: readonly TreeColumn[] = [
  {
    id: 'pid',
    label: 'PID',
    title: 'Process id; of a thread, its thread id',
    widthPx: 54,
    value: ({ entity }) =>
      entity.kind === 'process' || entity.kind === 'thread' ? (entity.tid ?? entity.pid) : Number.NaN,
    format: count,
    unit: '',
  },
  {
    id: 'user',
    label: 'User',
    title: 'Whom the process belongs to',
    widthPx: 76,
    value: ({ entity }) => entity.user ?? '',
    format: count,
    unit: '',
  },
  {
    id: 'cpu',
    label: 'CPU',
    title: 'CPU of this row alone',
    widthPx: 78,
    ...ofRow('cpuShare'),
    format: formatPercent,
    unit: 'cores',
  },
  {
    id: 'history',
    label: 'CPU, 60 s',
    title:
      'CPU of this row alone, each second of the last minute, where there is room; the top is one core, or the most it had',
    widthPx: 84,
    ...ofRow('cpuShare'),
    format: formatPercent,
    unit: '',
    isDrawn: true,
  },
  {
    id: 'cpu-total',
    label: 'CPU total',
    title: 'CPU with all rows below it, ended children included',
    widthPx: 78,
    ...ofRow('totalCpuShare'),
    format: formatPercent,
    unit: 'cores',
  },
  {
    id: 'wait',
    label: 'Wait',
    title: 'Time that its threads were ready to run and waited for a core: above 100 % where several waited',
    widthPx: 56,
    ...ofRow('waitShare'),
    format: formatPercent,
    unit: 'cores',
  },
  {
    id: 'pss',
    label: 'PSS',
    title: 'Proportional set size: shared pages divided among their users',
    widthPx: 64,
    ...ofRow('pssBytes'),
    format: formatBytes,
    unit: 'bytes',
  },
  {
    id: 'rss',
    label: 'RSS',
    title: 'Resident memory: shared pages counted in full in each process',
    widthPx: 64,
    ...ofRow('rssBytes'),
    format: formatBytes,
    unit: 'bytes',
  },
  {
    id: 'uss',
    label: 'USS',
    title: 'Memory that only this process has: what would be free if it ended',
    widthPx: 64,
    value: ofDetail(({ values }) => values.ussBytes),
    format: formatBytes,
    unit: 'bytes',
  },
  {
    id: 'threads',
    label: 'Threads',
    title: 'Threads of the process, named or not',
    widthPx: 66,
    value: ofDetail(({ values }) => values.threadCount),
    format: count,
    unit: '',
  },
  {
    id: 'state',
    label: 'State',
    title: 'What the kernel says that it is doing',
    widthPx: 78,
    value: ofDetail(({ values }) => values.state),
    format: stateName,
    unit: '',
  },
  {
    id: 'switches',
    label: 'Switches/s',
    title: 'Context switches a second, voluntary and not, between the last two readings',
    widthPx: 82,
    value: ofDetail(({ switchesPerSecond }) => switchesPerSecond),
    format: perSecond,
    unit: 'per second',
  },
  {
    id: 'last-core',
    label: 'Core',
    title: 'The core that it was last on; of a process with several threads, its first one. Approximate.',
    widthPx: 52,
    ...ofRow('lastCore'),
    format: count,
    unit: '',
  },
  {
    id: 'pss-total',
    label: 'PSS total',
    title: 'Proportional set size with all rows below it',
    widthPx: 76,
    ...ofRow('totalPssBytes'),
    format: formatBytes,
    unit: 'bytes',
  },
  {
    id: 'rss-total',
    label: 'RSS total',
    title: 'Resident memory with all rows below it: counts shared pages once per process',
    widthPx: 76,
    ...ofRow('totalRssBytes'),
    format: formatBytes,
    unit: 'bytes',
    naive: true,
  },
  {
    id: 'swap',
    label: 'Swap',
    title: 'Memory of it that was moved to disk',
    widthPx: 68,
    value: ofDetail(({ values }) => values.swapBytes),
    format: formatBytes,
    unit: 'bytes',
  },
  {
    id: 'peak-rss',
    label: 'Peak RSS',
    title: 'Most resident memory that it ever had',
    widthPx: 74,
    value: ofDetail(({ values }) => values.peakRssBytes),
    format: formatBytes,
    unit: 'bytes',
  },
  {
    id: 'cpu-time',
    label: 'CPU time',
    title: 'CPU time since it began',
    widthPx: 78,
    ...ofRow('cpuMs'),
    format: formatDuration,
    unit: 'ms',
  },
  {
    id: 'migrations',
    label: 'Moves/s',
    title: 'Changes of core a second',
    widthPx: 68,
    value: ofDetail(({ migrationsPerSecond }) => migrationsPerSecond),
    format: perSecond,
    unit: 'per second',
  },
  {
    id: 'minor-faults',
    label: 'Faults/s',
    title: 'Page faults a second that needed no disk',
    widthPx: 70,
    value: ofDetail(({ minorFaultsPerSecond }) => minorFaultsPerSecond),
    format: perSecond,
    unit: 'per second',
  },
  {
    id: 'major-faults',
    label: 'Disk faults/s',
    title: 'Page faults a second that had to read from disk',
    widthPx: 90,
    value: ofDetail(({ majorFaultsPerSecond }) => majorFaultsPerSecond),
    format: perSecond,
    unit: 'per second',
  },
  {
    id: 'read',
    label: 'Read',
    title: 'Bytes a second read from storage',
    widthPx: 78,
    value: ofDetail(({ readBytesPerSecond }) => readBytesPerSecond),
    format: bytesPerSecond,
    unit: 'bytes per second',
  },
  {
    id: 'written',
    label: 'Written',
    title: 'Bytes a second written to storage',
    widthPx: 78,
    value: ofDetail(({ writtenBytesPerSecond }) => writtenBytesPerSecond),
    format: bytesPerSecond,
    unit: 'bytes per second',
  },
  {
    id: 'open-files',
    label: 'Files',
    title: 'Open files, sockets and pipes',
    widthPx: 52,
    value: ofDetail(({ values }) => values.openFiles),
    format: count,
    unit: '',
  },
];

/** The columns whose per cents are of what the user chose; the others are of one core whatever was chosen. */
const cpuColumnIds: readonly string[] = ['cpu', 'cpu-total'];

/** All columns, with 100 % of CPU being so many busy cores. */
export function treeColumnsFor(wholeCores: number): readonly TreeColumn[] {
  const whole = wholeCores === 1 ? 'one core fully busy' : `all ${wholeCores} cores fully busy`;
  return columns.map((column) =>
    cpuColumnIds.includes(column.id)
      ? {
          ...column,
          title: `${column.title}: 100 % is ${whole}`,
          format: (cores) => formatPercent(cores / wholeCores),
        }
      : column,
  );
}

export const treeColumns = treeColumnsFor(1);

export const defaultColumnIds: readonly string[] = ['cpu', 'history', 'cpu-total', 'wait', 'pss', 'rss'];

export function columnOf(id: string): TreeColumn | undefined {
  return treeColumns.find((column) => column.id === id);
}

/** A cell as it is shown: `n/a` where the value is unknown. */
export function cellText(column: TreeColumn, node: TreeNode, frame: SampleFrame): string {
  return valueText(column, column.value(node, frame));
}

export function valueText({ format }: Pick<TreeColumn, 'format'>, value: number | string): string {
  if (typeof value === 'string') return value === '' ? notAvailable : value;
  return Number.isNaN(value) ? notAvailable : format(value);
}

/** What is shown of long arguments; all of them are in the details. */
const mostArgumentLetters = 160;

/** What a process was started with, without the program where that has given it its name; empty where nothing is known. */
export function argumentsText({ kind, name, commandLine }: TreeNode['entity']): string {
  if (kind !== 'process') return '';
  const [program = '', ...words] = commandLine.split(' ', mostArgumentLetters);
  const isNamed = name !== '' && program.slice(program.lastIndexOf('/') + 1).startsWith(name);
  return (isNamed ? words.join(' ') : commandLine).slice(0, mostArgumentLetters);
}

/** What a row is called beside its worker's name. */
export function rowName({ entity, workerName }: TreeNode): string {
  switch (entity.kind) {
    case 'process':
      return entity.name;
    case 'thread':
      return entity.name === workerName || entity.name === '' ? 'thread' : `thread ${entity.name}`;
    case 'exited-children':
      return 'exited children';
    case 'unattributed':
      return 'unattributed';
  }
}
