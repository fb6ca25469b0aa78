import type { CoreColumns, DetailColumns, FrameHeader, RowColumns } from '../../shared/sample.ts';

export type FrameGroup = 'header' | 'core' | 'row' | 'detail';
export const frameGroups = ['header', 'core', 'row', 'detail'] as const satisfies readonly FrameGroup[];

/** One column of a frames block. */
export interface ColumnSpec {
  readonly name: string;
  readonly group: FrameGroup;
  /**
   * Values are kept as whole numbers of 10^-decimals. 0 is exact: a column with a fraction is then stored as float64.
   * More round: shares to 0.00001 of a core, a hundredth of what a counter that ticks 100 times a second can tell
   * in a tenth of a second; CPU times to the microsecond, the frame's own times to the nanosecond.
   */
  readonly decimals: number;
  /** The column before it in this group that it mostly equals; what is stored is the difference. */
  readonly like: string | null;
}

type Entry = readonly [decimals: number, like?: string];

const headerColumns = {
  sequence: [0],
  atMs: [6],
  latenessMs: [6],
  missedTicks: [0],
  droppedFrames: [0],
  requestedEveryMs: [6],
  everyMs: [6],
  coreWindowMs: [6],
  coreErrorShare: [6],
  throttledShare: [5],
  ownCpuShare: [5],
  ownRssBytes: [0],
} as const satisfies Record<keyof FrameHeader, Entry>;

const coreColumns = {
  coreBusy: [5],
  coreUser: [5],
  coreSystem: [5],
  coreIowait: [5],
  coreIrq: [5],
  coreSteal: [5],
  coreMhz: [3],
} as const satisfies Record<keyof CoreColumns, Entry>;

// A process without children is its own total, and most have none.
const rowColumns = {
  cpuShare: [5],
  totalCpuShare: [5, 'cpuShare'],
  cpuMs: [3],
  totalCpuMs: [3, 'cpuMs'],
  waitShare: [5],
  rssBytes: [0],
  totalRssBytes: [0, 'rssBytes'],
  pssBytes: [0],
  totalPssBytes: [0, 'pssBytes'],
  lastCore: [0],
} as const satisfies Record<Exclude<keyof RowColumns, 'keys'>, Entry>;

const detailColumns = {
  state: [0],
  userMs: [3],
  systemMs: [3],
  waitedForMs: [3],
  ussBytes: [0],
  swapBytes: [0],
  peakRssBytes: [0],
  threadCount: [0],
  voluntarySwitches: [0],
  involuntarySwitches: [0],
  minorFaults: [0],
  majorFaults: [0],
  readBytes: [0],
  writtenBytes: [0],
  openFiles: [0],
  migrations: [0],
} as const satisfies Record<Exclude<keyof DetailColumns, 'detailKeys'>, Entry>;

function specsOf(group: FrameGroup, columns: Readonly<Record<string, Entry>>): ColumnSpec[] {
  return Object.entries(columns).map(([name, [decimals, like]]) => ({
    name,
    group,
    decimals,
    like: like ?? null,
  }));
}

/** The columns that are written, in their order. A file tells its own, so that others can be read. */
export const frameColumns: readonly ColumnSpec[] = [
  ...specsOf('header', headerColumns),
  ...specsOf('core', coreColumns),
  ...specsOf('row', rowColumns),
  ...specsOf('detail', detailColumns),
];

export type HeaderColumn = keyof FrameHeader;
export type ArrayColumn = keyof CoreColumns | keyof RowColumns | keyof DetailColumns;

const headerNames: ReadonlySet<string> = new Set(Object.keys(headerColumns));
const arrayNames: ReadonlySet<string> = new Set(
  [coreColumns, rowColumns, detailColumns].flatMap((columns) => Object.keys(columns)),
);

export function isHeaderColumn(name: string): name is HeaderColumn {
  return headerNames.has(name);
}

export function isArrayColumn(name: string): name is ArrayColumn {
  return arrayNames.has(name);
}
