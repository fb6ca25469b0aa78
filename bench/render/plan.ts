/** What one window of the bench shows: nothing, our timeline, or ECharts' own heatmap series. */
export const variants = ['idle', 'ours', 'echarts'] as const;
export type Variant = (typeof variants)[number];

/** What the page is to show, in its address. */
export type PageQuery =
  | { readonly show: 'day' | 'tree' }
  | { readonly show: 'idle' }
  | { readonly show: 'echarts'; readonly cores: number; readonly columns: number }
  | {
      readonly show: 'ours';
      readonly cores: number;
      readonly columns: number;
      readonly mode: 'busy' | 'lines';
    }
  /** The timeline and the process table, with all that the page keeps, for as long as the feeder goes on. */
  | { readonly show: 'replay'; readonly cores: number; readonly processes: number };

/** What the feeding process is told: frames for our drawing worker, or bare shares for ECharts. */
export type FeederOrder =
  | {
      readonly kind: 'frames' | 'shares';
      readonly cores: number;
      readonly columns: number;
      readonly hz: number;
    }
  /** As many frames as fast as they are taken, with rows; says N after N hours of them, and rests until it is told to go on. */
  | {
      readonly kind: 'replay';
      readonly cores: number;
      readonly processes: number;
      readonly hours: number;
      readonly hz: number;
    };

/** What is asked of a live picture. */
export type Aim =
  /** CPU of the main thread: ECharts' over ours, at least. */
  | { readonly kind: 'ratio'; readonly least: number }
  /** CPU of the main thread for one update, in ms. */
  | { readonly kind: 'main'; readonly mostMs: number }
  /** As many pictures as the screen takes, and a page that answers all the while. */
  | { readonly kind: 'smooth' };

export interface Case {
  readonly cores: number;
  readonly columns: number;
  readonly hz: number;
  readonly devicePixelRatio: number;
  readonly mode: 'busy' | 'lines';
  readonly aim: Aim;
}

const large = { cores: 256, columns: 3600, devicePixelRatio: 1, mode: 'busy' } as const;

export const cases: readonly Case[] = [
  { ...large, cores: 64, columns: 600, hz: 10, aim: { kind: 'ratio', least: 50 } },
  { ...large, cores: 64, hz: 10, aim: { kind: 'ratio', least: 250 } },
  { ...large, hz: 10, aim: { kind: 'ratio', least: 1000 } },
  { ...large, hz: 60, aim: { kind: 'smooth' } },
  { ...large, hz: 60, devicePixelRatio: 2, aim: { kind: 'smooth' } },
  { ...large, cores: 200, hz: 10, mode: 'lines', aim: { kind: 'main', mostMs: 4 } },
];

export const targets = {
  allProcessesMs: 12,
  rssOverIdleBytes: 65e6,
  leastHz: 59,
  heartbeatP95Ms: 6,
  redrawMs: 3,
  historyBytes: 80e6,
  treeTickMs: 3,
  treeToPaintedMs: 25,
  dayRssBytes: 400e6,
  startRatio: 2.5,
} as const;

/** What the page says when the time is over. */
export interface PageFigures {
  /** Pictures that were finished. */
  readonly updates: number;
  /** How late a timer of 50 ms was, in 95 of 100 cases. */
  readonly heartbeatP95Ms: number;
  /** Stretches of more than 50 ms in which the page could not answer. */
  readonly longTasks: number;
  readonly devicePixelRatio: number;
}

/** What one redraw of a day of history did in a worker of the page; the time is taken from outside. */
export interface DayRedraw {
  readonly repeats: number;
  /** The one sample in the middle of the day that is higher than all others. */
  readonly peakIsSeen: boolean;
}

/** What the page says of its table of processes. */
export interface TreeFigures {
  readonly rows: number;
  /** Rows that exist as elements. */
  readonly elements: number;
  /** From the click on a heading to the end of the next repaint, the median. */
  readonly sortMs: number;
  /** From the letter typed into the filter to the end of the next repaint, the median. */
  readonly filterMs: number;
  /** What the first row says, then the second: unsorted, and after two sorts: a table that shows nothing is quick too. */
  readonly firstRows: readonly string[];
}

/** What a measurement comes to, as a line of the table. */
export interface Line {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly isMet: boolean;
}
