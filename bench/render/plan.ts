/** What one window of the bench shows: nothing, our timeline, or ECharts' own heatmap series. */
export const variants = ['idle', 'ours', 'echarts'] as const;
export type Variant = (typeof variants)[number];

export interface Case {
  readonly cores: number;
  readonly columns: number;
  readonly hz: number;
  /** CPU of the main thread, ECharts' over ours, that is wanted at least; null where only our own figures count. */
  readonly leastRatio: number | null;
}

export const cases: readonly Case[] = [
  { cores: 64, columns: 600, hz: 10, leastRatio: 50 },
  { cores: 64, columns: 3600, hz: 10, leastRatio: 250 },
  { cores: 256, columns: 3600, hz: 10, leastRatio: 1000 },
  { cores: 256, columns: 3600, hz: 60, leastRatio: null },
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

/** What redrawing a day of history costs in a worker of the page. */
export interface HistoryFigures {
  readonly historyBytes: number;
  /** Median by zoom: span in ms, redraw in ms. */
  readonly redraws: readonly {
    readonly spanMs: number;
    readonly medianMs: number;
    readonly peakIsSeen: boolean;
  }[];
}
