import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import which from 'which';
import { runProbe } from './probe.ts';

/** Where Pythons are looked for. */
export interface PythonSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** The user's home, in which version managers keep theirs. */
  readonly homeFolder: string;
  /** The folder in which the user works: its .venv is the project's. */
  readonly workingFolder: string;
  readonly probeLimitMs: number;
}

/** A program that is said to be a Python. */
export interface PythonPlace {
  readonly command: string;
  /** Whence it is known: `PATH`, `pyenv`, `.venv of the working folder` … */
  readonly origin: string;
}

/** `python`, `python3`, `python3.13`, `python3.13t`; not `python3-config`. */
const pythonName = /^python(\d(\.\d+)?t?)?(\.exe)?$/i;
/** The names that a version manager's shims stand for; its others fail unless their version is active. */
const activeNames = new Set(['python', 'python3']);
const condaRoots = ['miniconda3', 'anaconda3', 'miniforge3', 'mambaforge'];

/**
 * All places where a Python is said to be, those that the user most likely means first. Nothing is run but `py -0p`
 * on Windows. The same program reached by several links in one folder comes once; one reached through a virtual
 * environment stays, for its packages are others.
 */
export async function findPythonPlaces(surroundings: PythonSurroundings): Promise<readonly PythonPlace[]> {
  const { environment, homeFolder, workingFolder } = surroundings;
  const pyenvFolder = environment['PYENV_ROOT'] ?? path.join(homeFolder, '.pyenv');
  const [active, versions, conda, launcher] = await Promise.all([
    onPath(surroundings, path.join(pyenvFolder, 'shims')),
    inVersions(path.join(pyenvFolder, 'versions'), surroundings),
    inConda(surroundings),
    byLauncher(surroundings),
  ]);
  const known = [
    ...inPrefix(environment['VIRTUAL_ENV'], 'active virtual environment', surroundings),
    ...inPrefix(path.join(workingFolder, '.venv'), '.venv of the working folder', surroundings),
    ...inPrefix(path.join(workingFolder, 'venv'), 'venv of the working folder', surroundings),
    ...inPrefix(environment['CONDA_PREFIX'], 'active conda environment', surroundings),
    ...active,
    ...versions,
    ...conda,
    ...launcher,
  ];
  const places = new Map<string, PythonPlace>();
  for (const place of known) {
    const key = await identify(place.command);
    if (key !== null && !places.has(key)) places.set(key, place);
  }
  return [...places.values()];
}

/** Null where there is no such file. */
async function identify(command: string): Promise<string | null> {
  try {
    const folder = await realpath(path.dirname(command));
    return `${folder}\0${await realpath(command)}`;
  } catch {
    return null;
  }
}

/** What an environment's folder holds; files that are not there are dropped later. */
function inPrefix(
  prefix: string | undefined,
  origin: string,
  { platform }: PythonSurroundings,
): readonly PythonPlace[] {
  if (prefix === undefined || prefix === '') return [];
  const names = platform === 'win32' ? ['Scripts/python.exe', 'python.exe'] : ['bin/python'];
  return names.map((name) => ({ command: path.join(prefix, name), origin }));
}

async function onPath(
  { environment }: PythonSurroundings,
  shimsFolder: string,
): Promise<readonly PythonPlace[]> {
  const folders = (environment['PATH'] ?? environment['Path'] ?? '').split(path.delimiter);
  const found = await Promise.all(
    folders
      .filter((folder) => path.isAbsolute(folder))
      .map(async (folder) => {
        const isShims = path.relative(shimsFolder, folder) === '';
        const names = (await list(folder)).filter((name) =>
          isShims ? activeNames.has(name) : pythonName.test(name),
        );
        // The plain names first: they are what one types.
        const sorted = names.toSorted((a, b) => a.length - b.length || a.localeCompare(b));
        return sorted.map((name) => ({ command: path.join(folder, name), origin: 'PATH' }));
      }),
  );
  return found.flat();
}

async function inVersions(folder: string, surroundings: PythonSurroundings): Promise<readonly PythonPlace[]> {
  const versions = (await list(folder)).toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return versions.flatMap((version) => inPrefix(path.join(folder, version), 'pyenv', surroundings));
}

async function inConda(surroundings: PythonSurroundings): Promise<readonly PythonPlace[]> {
  const { environment, homeFolder } = surroundings;
  const condaProgram = environment['CONDA_EXE'] ?? '';
  const roots = condaRoots.map((name) => path.join(homeFolder, name));
  if (condaProgram !== '') roots.unshift(path.dirname(path.dirname(condaProgram)));
  const listed = await readLines(path.join(homeFolder, '.conda/environments.txt'));
  const below = await Promise.all(
    roots.map(async (root) => {
      const folder = path.join(root, 'envs');
      return [root, ...(await list(folder)).map((name) => path.join(folder, name))];
    }),
  );
  return [...listed, ...below.flat()].flatMap((prefix) => inPrefix(prefix, 'conda', surroundings));
}

/** Python's own launcher on Windows knows what has been installed there, on PATH or not. */
async function byLauncher(surroundings: PythonSurroundings): Promise<readonly PythonPlace[]> {
  const { environment, platform, probeLimitMs } = surroundings;
  if (platform !== 'win32') return [];
  const places = environment['PATH'] ?? environment['Path'] ?? '';
  const launcher = await which('py', { nothrow: true, path: places });
  if (launcher === null) return [];
  const outcome = await runProbe(launcher, ['-0p'], environment, probeLimitMs);
  return outcome.state === 'other' ? readLauncherList(outcome.output) : [];
}

/** Lines like ` -V:3.12 *        C:\Python312\python.exe`, or, from old launchers, ` -3.8-64  C:\…\python.exe *`. */
export function readLauncherList(output: string): readonly PythonPlace[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const command = /^\s*-\S+\s+(?:\*\s+)?((?:[A-Za-z]:\\|\/)\S.*?)(?:\s+\*)?\s*$/.exec(line)?.[1];
    return command === undefined ? [] : [{ command, origin: 'py launcher' }];
  });
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function readLines(file: string): Promise<readonly string[]> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== '');
  } catch {
    return [];
  }
}
