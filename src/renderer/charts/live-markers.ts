import type { Marker } from '../../shared/recording.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type { TimeRange } from './time-range.ts';

/** What the work has marked, as it was heard of. */
export interface LiveMarker extends Pick<Marker, 'name' | 'kind'> {
  readonly atMs: SessionMs;
}

/** A moment; `x` counts CSS pixels from the left edge of the plot. */
export interface MomentBox {
  readonly marker: LiveMarker;
  readonly x: number;
  /** Up to the next moment, or to the edge: what its name may take. */
  readonly roomPx: number;
}

/** A stretch between `begin` and `end` of one name. */
export interface PhaseBox {
  readonly name: string;
  readonly startMs: SessionMs;
  /** Null while it is still on. */
  readonly lengthMs: Milliseconds | null;
  readonly x: number;
  readonly width: number;
}

export interface MarkerBoxes {
  readonly moments: readonly MomentBox[];
  readonly phases: readonly PhaseBox[];
}

/** Of more than these in sight only the last are drawn: the others would cover one another. */
const mostInSight = 200;
/** A phase too short for the scale can still be seen. */
const leastPhasePx = 2;

/**
 * Where the markers stand in a range drawn `plotPx` wide. They come in the order of time. An `end` closes the last open
 * `begin` of its name; one without a beginning is a moment like any other. `nowMs` is where an open phase ends for now.
 */
export function markerBoxes(
  markers: readonly LiveMarker[],
  range: TimeRange,
  plotPx: number,
  nowMs: SessionMs,
): MarkerBoxes {
  const pxPerMs = plotPx / range.spanMs;
  const xOf = (atMs: SessionMs): number => Math.min(plotPx, Math.max(0, (atMs - range.startMs) * pxPerMs));
  const endMs = range.startMs + range.spanMs;
  const open: LiveMarker[] = [];
  const moments: LiveMarker[] = [];
  const phases: PhaseBox[] = [];
  const addPhase = ({ name, atMs }: LiveMarker, toMs: SessionMs | null): void => {
    const shownToMs = toMs ?? Math.max(atMs, nowMs);
    if (shownToMs < range.startMs || atMs > endMs) return;
    const x = xOf(atMs);
    const width = Math.max(leastPhasePx, xOf(shownToMs) - x);
    phases.push({ name, startMs: atMs, lengthMs: toMs === null ? null : toMs - atMs, x, width });
  };
  for (const marker of markers) {
    const begun = marker.kind === 'end' ? open.findLastIndex(({ name }) => name === marker.name) : -1;
    const [beginning] = begun < 0 ? [] : open.splice(begun, 1);
    if (marker.kind === 'begin') open.push(marker);
    else if (beginning !== undefined) addPhase(beginning, marker.atMs);
    else if (marker.atMs >= range.startMs && marker.atMs <= endMs) moments.push(marker);
  }
  for (const beginning of open) addPhase(beginning, null);
  const shown = moments.slice(-mostInSight);
  return {
    moments: shown.map((marker, index) => {
      const x = xOf(marker.atMs);
      return { marker, x, roomPx: xOf(shown[index + 1]?.atMs ?? endMs) - x };
    }),
    phases: phases.sort((one, other) => one.startMs - other.startMs).slice(-mostInSight),
  };
}
