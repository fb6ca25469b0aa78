import { lanesOf, type Phase } from '../recording/phases.ts';
import type { ExportSource, RecordingFormat } from './recording-export.ts';

/** speedscope's own format: https://www.speedscope.app/file-format-schema.json. Phases as frames on a time axis. */
export const speedscopeFormat: RecordingFormat = {
  extension: '.speedscope.json',
  description: 'speedscope (speedscope.app): runs with their parts, and the tasks of each worker',
  *write(source) {
    yield `${JSON.stringify(profileOf(source))}\n`;
  },
};

interface FrameEvent {
  readonly type: 'O' | 'C';
  readonly at: number;
  readonly frame: number;
}

function profileOf(source: ExportSource): object {
  const frames = new Map<string, number>();
  const frameOf = (name: string): number => {
    const known = frames.get(name);
    if (known !== undefined) return known;
    frames.set(name, frames.size);
    return frames.size - 1;
  };
  const { fromMs, toMs } = source.span;
  const lanes = lanesByName(source.story.phases);
  const profiles = lanes.map(({ name, phases }) => ({
    type: 'evented',
    name,
    unit: 'milliseconds',
    // Parts can end a little after the last sample.
    startValue: Math.min(fromMs, ...ends(phases, 'fromMs')),
    endValue: Math.max(toMs, ...ends(phases, 'toMs')),
    events: eventsOf(phases, frameOf),
  }));
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: `corescope ${source.manifest?.corescopeVersion ?? ''}`.trim(),
    name: source.title,
    activeProfileIndex: 0,
    // It refuses a file without a profile.
    profiles:
      profiles.length > 0
        ? profiles
        : [
            {
              type: 'evented',
              name: 'no phases',
              unit: 'milliseconds',
              startValue: fromMs,
              endValue: toMs,
              events: [],
            },
          ],
    shared: { frames: [...frames.keys()].map((name) => ({ name })) },
  };
}

/** A chunk of a spread: millions of arguments are more than a call can have. */
function ends(phases: readonly Phase[], end: 'fromMs' | 'toMs'): readonly number[] {
  if (phases.length === 0) return [];
  const values = phases.map((phase) => phase[end]);
  return [
    values.reduce(
      end === 'fromMs' ? (one, other) => Math.min(one, other) : (one, other) => Math.max(one, other),
    ),
  ];
}

/** Runs with their parts inside, then the tasks of every worker, then what the program marked. */
function lanesByName(phases: readonly Phase[]): { name: string; phases: readonly Phase[] }[] {
  const runs = phases.filter(({ kind }) => kind === 'run' || kind === 'part');
  const lanes = runs.length === 0 ? [] : [{ name: 'Runs', phases: nested(runs) }];
  const workers = new Map<string, Phase[]>();
  for (const phase of phases) {
    if (phase.kind !== 'task' && phase.kind !== 'marked') continue;
    const name =
      phase.kind === 'marked'
        ? `Marked: ${phase.name}`
        : phase.worker === null
          ? 'Tasks'
          : `Worker ${phase.worker}`;
    const group = workers.get(name);
    if (group === undefined) workers.set(name, [phase]);
    else group.push(phase);
  }
  const byWorker = [...workers].sort(
    ([, [one]], [, [other]]) => (one?.worker ?? Infinity) - (other?.worker ?? Infinity) || 0,
  );
  for (const [name, group] of byWorker) {
    for (const [lane, spans] of lanesOf(group).entries()) {
      lanes.push({ name: lane === 0 ? name : `${name} (${lane + 1})`, phases: spans });
    }
  }
  return lanes;
}

/** Parts cut to the run that they are in: the two are told by different clocks' readings. */
function nested(phases: readonly Phase[]): Phase[] {
  const runs = new Map(phases.filter(({ kind }) => kind === 'run').map((run) => [run.order, run]));
  return phases.flatMap((phase) => {
    const run = runs.get(phase.order);
    if (phase.kind === 'run') return [phase];
    if (run === undefined) return [];
    const fromMs = Math.max(phase.fromMs, run.fromMs);
    const toMs = Math.min(phase.toMs, run.toMs);
    return toMs > fromMs ? [{ ...phase, fromMs, toMs }] : [];
  });
}

/** Opened and closed as brackets: inner ones close before what is around them, at the same time too. */
function eventsOf(phases: readonly Phase[], frameOf: (name: string) => number): FrameEvent[] {
  const events: FrameEvent[] = [];
  const open: { readonly toMs: number; readonly frame: number }[] = [];
  const closeUntil = (atMs: number): void => {
    for (let top = open.at(-1); top !== undefined && top.toMs <= atMs; top = open.at(-1)) {
      events.push({ type: 'C', at: top.toMs, frame: top.frame });
      open.pop();
    }
  };
  const inOrder = [...phases].sort(
    (one, other) => one.fromMs - other.fromMs || other.toMs - one.toMs || rank(one) - rank(other),
  );
  for (const { fromMs, toMs, name } of inOrder) {
    closeUntil(fromMs);
    const frame = frameOf(name);
    events.push({ type: 'O', at: fromMs, frame });
    open.push({ toMs, frame });
  }
  closeUntil(Number.POSITIVE_INFINITY);
  return events;
}

/** Where a part is as long as its run, the run is around it. */
function rank({ kind }: Phase): number {
  return kind === 'run' ? 0 : 1;
}
