/** How far a row stands from the one above it: a sibling in the same core, another core, another group of cores. */
export type RowGap = 'sibling' | 'core' | 'group';

/** One row of the heatmap, from the top. */
export interface HeatRow {
  /** Place in the columns of a frame. */
  readonly core: number;
  readonly gap: RowGap;
}

/** Heights of rows (in CSS pixels, gap included) from which the gaps are drawn, and how wide each is then. */
const gapSteps: readonly (readonly [leastRowHeightPx: number, gapPx: Readonly<Record<RowGap, number>>])[] = [
  [10, { sibling: 1, core: 3, group: 7 }],
  [6, { sibling: 1, core: 2, group: 3 }],
  [3, { sibling: 0, core: 0, group: 1 }],
];

/** CSS pixels that are left free between rows of so great a height; 0 where they are too low to spare any. */
export function rowGapPx(gap: RowGap, rowHeightPx: number): number {
  const step = gapSteps.find(([leastRowHeightPx]) => rowHeightPx >= leastRowHeightPx);
  return step === undefined ? 0 : step[1][gap];
}

/** As many rows as there are cores, in the system's order, while nothing more is known of them. */
export function plainRows(cores: number): HeatRow[] {
  return Array.from({ length: cores }, (_, core) => ({ core, gap: 'sibling' }));
}
