import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, type Result, succeed } from '../../../shared/result.ts';
import { loadKoffi } from './c-library.ts';
import type { GlanceLibrary } from './glance-library.ts';

/** What `native/` holds, called on this thread. */
export interface NativeLibrary {
  readonly glances: GlanceLibrary;
  /** Of an open stat file; the numbers are those of `statField`. 1, 0 for what is no stat line, or a negative errno. */
  readonly readStat: (descriptor: number, into: Float64Array) => number;
}

/** Changes with every layout in `native/`: a library of another build is not used. */
const layoutVersion = 2;

const glanceParameters = [
  'plan',
  'bell',
  'pids',
  'told',
  'forks',
  'ticks',
  'places',
  'clocks',
  'stat',
  'taken',
];

/** Where the build puts it, seen from the worker that it puts there too. */
export function nativeLibraryOf(workerFile: string | URL): string {
  const file = typeof workerFile === 'string' ? workerFile : fileURLToPath(workerFile);
  return join(dirname(file), '..', 'native', 'sampler.so');
}

/** `file`: the library that `npm run build` makes where there is a C compiler. */
export function loadNativeLibrary(file: string): Result<NativeLibrary> {
  if (process.platform !== 'linux')
    return fail('other-system', `There is no native library on ${process.platform}.`, 'Nothing to be done.');
  try {
    const library = loadKoffi().load(file);
    const readVersion: unknown = library.func('int corescope_layout_version()');
    const openWakeFile: unknown = library.func('int corescope_open_wake_file()');
    const take: unknown = library.func(
      `int corescope_take_glances(${glanceParameters.map((name) => `void *${name}`).join(', ')})`,
    );
    const isOfThisBuild =
      typeof readVersion === 'function' && (readVersion as () => number)() === layoutVersion;
    const readStat: unknown = isOfThisBuild
      ? library.func('int corescope_read_stat(int file, _Out_ void *into)')
      : null;
    if (typeof openWakeFile !== 'function' || typeof take !== 'function' || typeof readStat !== 'function')
      return fail('other-build', `${file} is of another build.`, 'Make it again: npm run build');
    return succeed({
      glances: {
        openWakeFile: openWakeFile as GlanceLibrary['openWakeFile'],
        take: take as GlanceLibrary['take'],
      },
      readStat: readStat as NativeLibrary['readStat'],
    });
  } catch (error) {
    return fail(
      'no-native-library',
      `${file} does not load: ${error instanceof Error ? error.message : String(error)}.`,
      'Install a C compiler (apt-get install gcc libc6-dev) and run: npm run build',
    );
  }
}
