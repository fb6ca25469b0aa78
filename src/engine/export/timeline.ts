import type { RecordedEntity } from '../../shared/recording.ts';
import type { SessionMs } from '../../shared/units.ts';
import { lanesOf, type Moment, type Phase } from '../recording/phases.ts';
import type { ExportSource } from './recording-export.ts';

/** The recording as trace viewers see it: tracks, values of counters over time, named spans, moments. */
export type TimelineItem =
  | ({ readonly type: 'track' } & Track)
  | { readonly type: 'value'; readonly track: Track; readonly atMs: SessionMs; readonly value: number }
  | { readonly type: 'span'; readonly track: Track; readonly phase: Phase }
  | { readonly type: 'moment'; readonly track: Track; readonly moment: Moment };

export interface Track {
  /** From 1, in the order in which the tracks are told. */
  readonly id: number;
  readonly name: string;
  readonly parent: Track | null;
  readonly content:
    | { readonly kind: 'process'; readonly entity: RecordedEntity }
    | { readonly kind: 'thread'; readonly pid: number; readonly tid: number }
    | { readonly kind: 'counter'; readonly unit: 'bytes' | 'cores' | 'share' | 'MHz' }
    | { readonly kind: 'spans' }
    | { readonly kind: 'group' };
}

/** Columns that the counters are made of. */
const counterColumns = [
  'coreBusy',
  'coreMhz',
  'cpuShare',
  'rssBytes',
  'pssBytes',
  'throttledShare',
  'ownCpuShare',
];

/**
 * Tracks come before what is on them; spans and moments before the counters, which are told once per change. Never
 * more than the tracks in memory.
 */
export function* timelineOf(source: ExportSource): Generator<TimelineItem> {
  const tracks = new Tracks();
  yield* tellStory(source, tracks);
  yield* tellCounters(source, tracks);
}

class Tracks {
  #lastId = 0;

  add(name: string, parent: Track | null, content: Track['content']): Track {
    this.#lastId += 1;
    return { id: this.#lastId, name, parent, content };
  }
}

function* tellStory({ story }: ExportSource, tracks: Tracks): Generator<TimelineItem> {
  const group = tracks.add('Phases', null, { kind: 'group' });
  yield { type: 'track', ...group };
  for (const [name, phases] of spanGroups(story.phases)) {
    for (const [lane, spans] of lanesOf(phases).entries()) {
      const track = tracks.add(lane === 0 ? name : `${name} (${lane + 1})`, group, { kind: 'spans' });
      yield { type: 'track', ...track };
      for (const phase of spans) yield { type: 'span', track, phase };
    }
  }
  if (story.moments.length === 0) return;
  const track = tracks.add('Markers', group, { kind: 'spans' });
  yield { type: 'track', ...track };
  for (const moment of story.moments) yield { type: 'moment', track, moment };
}

function spanGroups(phases: readonly Phase[]): readonly (readonly [string, readonly Phase[]])[] {
  const groups = new Map<string, Phase[]>();
  const nameOf = ({ kind, name, worker }: Phase): string => {
    if (kind === 'run') return 'Runs';
    if (kind === 'part') return 'Start-up, work, tear-down';
    if (kind === 'task') return worker === null ? 'Tasks' : `Tasks of worker ${worker}`;
    return name;
  };
  for (const phase of phases) {
    const name = nameOf(phase);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [phase]);
    else group.push(phase);
  }
  // Workers by their number, not by who began first.
  const placeOf = ([first]: readonly Phase[]): number => first?.worker ?? -1;
  return [...groups].sort(([, one], [, other]) => placeOf(one) - placeOf(other));
}

/** What a row has in a trace viewer: its track, and a counter for each figure. */
interface RowTracks {
  readonly counters: readonly {
    readonly column: 'cpuShare' | 'rssBytes' | 'pssBytes';
    readonly track: Track;
  }[];
}

function* tellCounters(source: ExportSource, tracks: Tracks): Generator<TimelineItem> {
  const cores = tracks.add('Cores', null, { kind: 'group' });
  yield { type: 'track', ...cores };
  const busy: Track[] = [];
  const mhz: Track[] = [];
  for (let core = 0; core < source.cores; core += 1) {
    busy.push(tracks.add(`core ${core} busy`, cores, { kind: 'counter', unit: 'share' }));
    mhz.push(tracks.add(`core ${core} clock`, cores, { kind: 'counter', unit: 'MHz' }));
  }
  const throttled = tracks.add('throttled', cores, { kind: 'counter', unit: 'share' });
  const own = tracks.add('Corescope itself', cores, { kind: 'counter', unit: 'cores' });
  for (const track of [...busy, ...mhz, throttled, own]) yield { type: 'track', ...track };

  const rows = new Map<number, RowTracks>();
  const processTracks = new Map<number, Track>();
  const last = new Map<number, number>();
  const changed = function* (track: Track | undefined, atMs: number, value: number | undefined) {
    if (track === undefined || value === undefined || Number.isNaN(value) || last.get(track.id) === value)
      return;
    last.set(track.id, value);
    yield { type: 'value', track, atMs, value } as const;
  };

  for (const frame of source.frames(counterColumns)) {
    const { atMs, keys } = frame;
    for (let core = 0; core < frame.coreBusy.length; core += 1) {
      yield* changed(busy[core], atMs, frame.coreBusy[core]);
      yield* changed(mhz[core], atMs, frame.coreMhz[core]);
    }
    yield* changed(throttled, atMs, frame.throttledShare);
    yield* changed(own, atMs, frame.ownCpuShare);
    for (let row = 0; row < keys.length; row += 1) {
      const key = keys[row] ?? Number.NaN;
      let tracksOfRow = rows.get(key);
      if (tracksOfRow === undefined) {
        const entity = source.entities.get(key);
        if (entity === undefined) continue;
        const told = rowTracks(entity, tracks, processTracks);
        for (const track of told.appeared) yield { type: 'track', ...track };
        tracksOfRow = told;
        rows.set(key, tracksOfRow);
      }
      for (const { column, track } of tracksOfRow.counters) yield* changed(track, atMs, frame[column][row]);
    }
  }
}

function rowTracks(
  entity: RecordedEntity,
  tracks: Tracks,
  processTracks: Map<number, Track>,
): RowTracks & { readonly appeared: readonly Track[] } {
  const under = entity.parentKey === null ? undefined : processTracks.get(entity.parentKey);
  const isProcess = entity.kind === 'process';
  let own: Track | null = under ?? null;
  if (isProcess) {
    const owner = entity.owner === 'corescope' ? ' (Corescope)' : '';
    own = tracks.add(`${entity.name}${owner}`, null, { kind: 'process', entity });
    processTracks.set(entity.key, own);
  } else if (entity.kind === 'thread' && entity.tid !== null) {
    own = tracks.add(entity.name, own, { kind: 'thread', pid: entity.pid, tid: entity.tid });
  }
  const subject = isProcess ? '' : `${entity.name === '' ? entity.kind : entity.name} `;
  const cpu = tracks.add(`${subject}CPU`, own, { kind: 'counter', unit: 'cores' });
  const counters: RowTracks['counters'][number][] = [{ column: 'cpuShare', track: cpu }];
  if (isProcess) {
    const rss = tracks.add('memory RSS', own, { kind: 'counter', unit: 'bytes' });
    const pss = tracks.add('memory PSS', own, { kind: 'counter', unit: 'bytes' });
    counters.push({ column: 'rssBytes', track: rss }, { column: 'pssBytes', track: pss });
  }
  const appeared = counters.map(({ track }) => track);
  return { counters, appeared: own === null || own === under ? appeared : [own, ...appeared] };
}
