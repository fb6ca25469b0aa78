/** What one window of the bench shows: nothing, our timeline, or ECharts' own heatmap series. */
export const variants = ['idle', 'ours', 'echarts'] as const;
export type Variant = (typeof variants)[number];

/** What the feeding process is told: frames for our drawing worker, or bare shares for ECharts. */
export interface FeederOrder {
  readonly kind: 'frames' | 'shares';
  readonly cores: number;
  readonly columns: number;
  readonly hz: number;
}

export interface Case {
  readonly cores: number;
  readonly columns: number;
  readonly hz: number;
  readonly devicePixelRatio: number;
  /** CPU of the main thread, ECharts' over ours, that is wanted at least; null where only our own figures count. */
  readonly leastRatio: number | null;
}

export const cases: readonly Case[] = [
  { cores: 64, columns: 600, hz: 10, devicePixelRatio: 1, leastRatio: 50 },
  { cores: 64, columns: 3600, hz: 10, devicePixelRatio: 1, leastRatio: 250 },
  { cores: 256, columns: 3600, hz: 10, devicePixelRatio: 1, leastRatio: 1000 },
  { cores: 256, columns: 3600, hz: 60, devicePixelRatio: 1, leastRatio: null },
  { cores: 256, columns: 3600, hz: 60, devicePixelRatio: 2, leastRatio: null },
];

export const targets = {
  allProcessesMs: 12,
  rssOverIdleBytes: 65e6,
  leastHz: 59,
  heartbeatP95Ms: 6,
  redrawMs: 3,
  historyBytes: 80e6,
} as const;

/** What the page says when the time is over. */
export interface PageFigures {
  /** Pictures that were finished. */
  readonly updates: number;
  /** How late a timer of 50 ms was, in 95 of 100 cases. */
  readonly heartbeatP95Ms: number;
  /** Stretches of more than 50 ms in which the page could not answer. */
  readonly longTasks: number;
}

/** What one redraw of a day of history did in a worker of the page; the time is taken from outside. */
export interface DayRedraw {
  readonly repeats: number;
  /** The one sample in the middle of the day that is higher than all others. */
  readonly peakIsSeen: boolean;
}
