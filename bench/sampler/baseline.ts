import { readFileSync } from 'node:fs';

/**
 * What a ratio was when the baseline was taken. Ratios and not costs: another machine, or a busy one, changes both
 * sides.
 */
export interface BaselineEntry {
  readonly cell: string;
  readonly peer: string;
  /** Ours divided by the peer. */
  readonly ratio: number;
  /** The ratio may be this many times as large before it counts as worse. Larger hides losses, smaller cries wolf. */
  readonly tolerance: number;
}

export interface MeasuredRatio {
  readonly cell: string;
  readonly peer: string;
  readonly ratio: number;
}

export interface BaselineVerdict {
  readonly worse: readonly string[];
  readonly unchecked: readonly string[];
}

export const defaultTolerance = 1.3;

/** `measured` holds the median ratios of this run; cells that this run left out are not asked for. */
export function checkAgainstBaseline(
  baseline: readonly BaselineEntry[],
  measured: readonly MeasuredRatio[],
): BaselineVerdict {
  const cells = new Set(measured.map(({ cell }) => cell));
  const worse: string[] = [];
  const unchecked: string[] = [];
  for (const { cell, peer, ratio, tolerance } of baseline) {
    if (!cells.has(cell)) continue;
    const now = measured.find((entry) => entry.cell === cell && entry.peer === peer)?.ratio ?? Number.NaN;
    if (Number.isNaN(now)) {
      unchecked.push(`${cell}: ${peer} was not measured`);
    } else if (now > ratio * tolerance) {
      const limit = (ratio * tolerance).toFixed(3);
      worse.push(
        `${cell}: ours / ${peer} is ${now.toFixed(3)}, over ${limit} (baseline ${ratio} x tolerance ${tolerance})`,
      );
    }
  }
  return { worse, unchecked };
}

/** The entries that were measured get their new ratio and keep their tolerance; the others stay as they are. */
export function renewBaseline(
  baseline: readonly BaselineEntry[],
  measured: readonly MeasuredRatio[],
): BaselineEntry[] {
  const keyOf = (entry: { cell: string; peer: string }): string => `${entry.cell} | ${entry.peer}`;
  const renewed = new Map(baseline.map((entry) => [keyOf(entry), entry]));
  for (const entry of measured) {
    if (Number.isNaN(entry.ratio)) continue;
    const tolerance = renewed.get(keyOf(entry))?.tolerance ?? defaultTolerance;
    renewed.set(keyOf(entry), { ...entry, ratio: Number(entry.ratio.toPrecision(3)), tolerance });
  }
  return [...renewed.values()];
}

function isBaselineEntry(value: unknown): value is BaselineEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'cell' in value &&
    typeof value.cell === 'string' &&
    'peer' in value &&
    typeof value.peer === 'string' &&
    'ratio' in value &&
    typeof value.ratio === 'number' &&
    'tolerance' in value &&
    typeof value.tolerance === 'number'
  );
}

/** Throws where the file is missing or is not a baseline. */
export function readBaseline(path: string): BaselineEntry[] {
  const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(content) || !content.every(isBaselineEntry)) {
    throw new Error(`${path} is not a list of { cell, peer, ratio, tolerance }`);
  }
  return content;
}
