import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, type Result, succeed } from '../../../shared/result.ts';
import { loadKoffi } from './c-library.ts';

/** `native/glances.c`, called on this thread. Its numbers are doubles; the layouts are written there. */
export interface GlanceLibrary {
  /** A descriptor that wakes who sleeps in `take` when a 1 of 8 bytes is written to it; or a negative errno. */
  readonly openWakeFile: () => number;
  /** Blocks. Why it came back (`glanceOutcome`), or a negative errno. */
  readonly take: (
    plan: Float64Array,
    bell: Int32Array,
    pids: Int32Array,
    toldNs: Float64Array,
    searchedAtForks: Float64Array,
    ticks: Float64Array,
    places: Int32Array,
    cpuNs: Float64Array,
    stat: Uint8Array,
    taken: Int32Array,
  ) => number;
}

/** Places in `struct plan`. */
export const planField = {
  originSeconds: 0,
  originNanoseconds: 1,
  firstDeadlineMs: 2,
  everyMs: 3,
  leastApartMs: 4,
  firstTick: 5,
  ticks: 6,
  entryRoom: 7,
  statRoom: 8,
  processes: 9,
  statFile: 10,
  wakeFile: 11,
  heard: 12,
  lookedAtMs: 13,
  quietNsPerMs: 14,
  usualMs: 15,
} as const;
export const planLength = Object.keys(planField).length;

/** Places in `struct tick`. */
export const tickField = {
  count: 0,
  startedAtMs: 1,
  readAtMs: 2,
  clocksAtMs: 3,
  statLength: 4,
  forks: 5,
} as const;
export const tickLength = Object.keys(tickField).length;

export const glanceOutcome = { allTaken: 0, bellRang: 1, notQuiet: 2, wasLate: 3 } as const;

const layoutVersion = 1;

const parameters = ['plan', 'bell', 'pids', 'told', 'forks', 'ticks', 'places', 'clocks', 'stat', 'taken'];

/** Where the build puts it, seen from the worker that it puts there too. */
export function glanceLibraryOf(workerFile: string | URL): string {
  const file = typeof workerFile === 'string' ? workerFile : fileURLToPath(workerFile);
  return join(dirname(file), '..', 'native', 'glances.so');
}

/** `file`: the library that `npm run build` makes where there is a C compiler. */
export function loadGlanceLibrary(file: string): Result<GlanceLibrary> {
  if (process.platform !== 'linux')
    return fail('other-system', `There are no native glances on ${process.platform}.`, 'Nothing to be done.');
  try {
    const library = loadKoffi().load(file);
    const readVersion: unknown = library.func('int corescope_layout_version()');
    const openWakeFile: unknown = library.func('int corescope_open_wake_file()');
    const take: unknown = library.func(
      `int corescope_take_glances(${parameters.map((name) => `void *${name}`).join(', ')})`,
    );
    if (
      typeof readVersion !== 'function' ||
      typeof openWakeFile !== 'function' ||
      typeof take !== 'function' ||
      (readVersion as () => number)() !== layoutVersion
    )
      return fail('other-build', `${file} is of another build.`, 'Make it again: npm run build');
    return succeed({
      openWakeFile: openWakeFile as GlanceLibrary['openWakeFile'],
      take: take as GlanceLibrary['take'],
    });
  } catch (error) {
    return fail(
      'no-glance-library',
      `${file} does not load: ${error instanceof Error ? error.message : String(error)}.`,
      'Install a C compiler (apt-get install gcc libc6-dev) and run: npm run build',
    );
  }
}
