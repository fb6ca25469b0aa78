import type { PythonDescription } from '../../../shared/ipc.ts';

type Build = Pick<PythonDescription, 'version' | 'implementation' | 'gilEnabled' | 'freeThreadedBuild'>;

/**
 * `3.12.1`, `PyPy 3.10.14`, `3.13.1 free-threaded build, GIL on`: such a build may run with its lock on all the same,
 * and then its threads do no better than those of any other.
 */
export function describePython({ version, implementation, gilEnabled, freeThreadedBuild }: Build): string {
  const name = implementation === 'CPython' ? version : `${implementation} ${version}`;
  if (freeThreadedBuild === true) return `${name} free-threaded build${lockOf(gilEnabled)}`;
  return gilEnabled === false ? `${name}, GIL off` : name;
}

/** In as few characters as there is room for: `3.12.1, GIL on`, `3.13.1t, GIL off`, as CPython names such a build. */
export function abbreviatePython({ version, gilEnabled, freeThreadedBuild }: Build): string {
  return `${version}${freeThreadedBuild === true ? 't' : ''}${lockOf(gilEnabled)}`;
}

function lockOf(gilEnabled: boolean | null): string {
  return gilEnabled === null ? '' : `, GIL ${gilEnabled ? 'on' : 'off'}`;
}
