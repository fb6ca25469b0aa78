import { formatBytes, formatDuration } from '../../shared/format.ts';
import type { SessionMs } from '../../shared/units.ts';
import type { Hit } from '../drawing/protocol.ts';
import type { CoreRow } from './core-rows.ts';
import type { MemoryPoint } from './memory-series.ts';
import type { RunBand } from './run-bands.ts';
import { formatSessionTime } from './time-range.ts';

/** A title and rows of name and value; built as elements, so that nothing is ever parsed as HTML. */
function card(title: string, rows: readonly (readonly [name: string, value: string])[]): HTMLElement {
  const element = document.createElement('div');
  const heading = element.appendChild(document.createElement('div'));
  heading.textContent = title;
  heading.style.fontWeight = '600';
  for (const [name, value] of rows) {
    const row = element.appendChild(document.createElement('div'));
    row.style.cssText = 'display: flex; justify-content: space-between; gap: 18px; line-height: 1.55';
    const nameElement = row.appendChild(document.createElement('span'));
    nameElement.textContent = name;
    nameElement.style.opacity = '0.72';
    const valueElement = row.appendChild(document.createElement('span'));
    valueElement.textContent = value;
    valueElement.style.fontVariantNumeric = 'tabular-nums';
  }
  return element;
}

function runRow(band: RunBand | null): readonly [string, string] {
  return ['Run', band === null ? 'none' : band.warmUp ? `${band.label}, warm-up` : band.label];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function coreCard(
  atMs: SessionMs,
  { core, group, facts }: CoreRow,
  hit: Hit,
  band: RunBand | null,
): HTMLElement {
  const title = `core ${core}${group === null ? '' : `, ${group},`} at ${formatSessionTime(atMs, 100)}`;
  switch (hit.state) {
    case 'outside':
      return card(title, [['Busy', 'not recorded'], ...facts]);
    case 'missing':
      return card(title, [['Busy', 'no sample'], runRow(band), ...facts]);
    case 'measured': {
      const { min, mean, max, samples } = hit;
      if (samples === 1) return card(title, [['Busy', percent(mean)], runRow(band), ...facts]);
      return card(title, [
        ['Mean busy', percent(mean)],
        ['Lowest', percent(min)],
        ['Highest', percent(max)],
        ['Samples', `${samples} in ${formatDuration(hit.endMs - hit.startMs)}`],
        runRow(band),
        ...facts,
      ]);
    }
  }
}

export function memoryCard(atMs: SessionMs, point: MemoryPoint | null, band: RunBand | null): HTMLElement {
  return card(`memory at ${formatSessionTime(atMs, 100)}`, [
    ['PSS', formatBytes(point?.pssBytes)],
    ['Sum of RSS', formatBytes(point?.rssBytes)],
    runRow(band),
  ]);
}

/** `nowMs` stands for the end of a run that is still on. */
export function bandCard(band: RunBand, nowMs: SessionMs): HTMLElement {
  const lastedMs = (band.endMs ?? nowMs) - band.startMs;
  return card(band.label, [
    ['Started', formatSessionTime(band.startMs, 100)],
    [band.endMs === null ? 'Running for' : 'Lasted', formatDuration(lastedMs)],
    ...(band.warmUp ? [['Warm-up', 'not counted'] as const] : []),
  ]);
}
