import { formatBytes, formatDuration } from '../../shared/format.ts';
import type { SessionMs } from '../../shared/units.ts';
import type { HeatMode, Hit, LaneId } from '../drawing/protocol.ts';
import type { CoreRow } from './core-rows.ts';
import type { RunBand } from './run-bands.ts';
import { workerName, type NameOfSlot } from './slot-names.ts';
import { laneValueText } from './timeline-lanes.ts';
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

/** What the mode's colour stands for, in words; empty where the mode is the busy share itself. */
function modeRows(
  mode: HeatMode,
  hit: Extract<Hit, { state: 'measured' }>,
  nameOf: NameOfSlot,
): readonly (readonly [name: string, value: string])[] {
  if (mode === 'workers') {
    return [['Last seen here', hit.slot === 0 ? 'none of the work' : nameOf(hit.slot, hit.startMs)]];
  }
  if (mode === 'wait') {
    return [['Work here waited', Number.isNaN(hit.waitShare) ? 'n/a' : percent(hit.waitShare)]];
  }
  return [];
}

export function coreCard(
  atMs: SessionMs,
  { core, group, facts }: CoreRow,
  hit: Hit,
  band: RunBand | null,
  mode: HeatMode = 'busy',
  nameOf: NameOfSlot = workerName,
): HTMLElement {
  const title = `core ${core}${group === null ? '' : `, ${group},`} at ${formatSessionTime(atMs, 100)}`;
  switch (hit.state) {
    case 'outside':
      return card(title, [['Busy', 'not recorded'], ...facts]);
    case 'missing':
      return card(title, [['Busy', 'no sample'], runRow(band), ...facts]);
    case 'measured': {
      const { min, mean, max, samples } = hit;
      const rest = [...modeRows(mode, hit, nameOf), runRow(band), ...facts];
      if (samples === 1) return card(title, [['Busy', percent(mean)], ...rest]);
      return card(title, [
        ['Mean busy', percent(mean)],
        ['Lowest', percent(min)],
        ['Highest', percent(max)],
        ['Samples', `${samples} in ${formatDuration(hit.endMs - hit.startMs)}`],
        ...rest,
      ]);
    }
  }
}

/** What a cell says aloud: `core 3, 0:12.4, 87 %`. */
export function cellWords(
  atMs: SessionMs,
  { label }: CoreRow,
  hit: Hit,
  mode: HeatMode,
  nameOf: NameOfSlot = workerName,
): string {
  const place = `${label}, ${formatSessionTime(atMs, 100)}`;
  if (hit.state === 'outside') return `${place}, not recorded`;
  if (hit.state === 'missing') return `${place}, no sample`;
  const busy = `${place}, ${Math.round(hit.mean * 100)} % busy`;
  return [busy, ...modeRows(mode, hit, nameOf).map(([name, value]) => `${name}: ${value}`)].join(', ');
}

/** The numbers below the heatmap, those of the lanes that are shown. */
export function lanesCard(
  atMs: SessionMs,
  lanes: readonly LaneId[],
  hit: Hit,
  band: RunBand | null,
): HTMLElement {
  const tracks = hit.state === 'measured' ? hit.tracks : null;
  const none = Number.NaN;
  const rows: Readonly<Record<LaneId, readonly (readonly [name: string, value: string])[]>> = {
    cores: [
      ['Effective cores', laneValueText('cores', tracks?.runCores ?? none)],
      ['All cores busy', laneValueText('cores', tracks?.busyCores ?? none)],
    ],
    wait: [['Ready and waiting', laneValueText('wait', tracks?.waitCores ?? none)]],
    memory: [
      ['PSS', formatBytes(tracks?.pssBytes)],
      ['Sum of RSS', formatBytes(tracks?.rssBytes)],
    ],
  };
  const title = `the work at ${formatSessionTime(atMs, 100)}`;
  return card(title, [...lanes.flatMap((lane) => rows[lane]), runRow(band)]);
}

/** How long the run took to start, to work and to end, as far as that is known. */
function phaseRows(band: RunBand, nowMs: SessionMs): readonly (readonly [name: string, value: string])[] {
  const { startMs, endMs, workStartMs = null, workEndMs = null } = band;
  if (workStartMs === null) return [];
  const workToMs = workEndMs ?? endMs ?? nowMs;
  return [
    ['Start-up', formatDuration(workStartMs - startMs)],
    ['Work (underlined)', formatDuration(workToMs - workStartMs)],
    ...(endMs === null || workEndMs === null
      ? []
      : [['Tear-down', formatDuration(endMs - workEndMs)] as const]),
  ];
}

/** `nowMs` stands for the end of a run that is still on. */
export function bandCard(band: RunBand, nowMs: SessionMs): HTMLElement {
  const lastedMs = (band.endMs ?? nowMs) - band.startMs;
  return card(band.label, [
    ['Started', formatSessionTime(band.startMs, 100)],
    [band.endMs === null ? 'Running for' : 'Lasted', formatDuration(lastedMs)],
    ...phaseRows(band, nowMs),
    ...(band.warmUp ? [['Warm-up', 'not counted'] as const] : []),
  ]);
}
