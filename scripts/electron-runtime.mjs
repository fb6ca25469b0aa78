/**
 * Provides an Electron that runs Corescope and says in one line which one it took and why. Also a program:
 * `node scripts/electron-runtime.mjs`.
 */
import { pathToFileURL } from 'node:url';
import {
  electronFolder,
  executableInside,
  inspectDistribution,
  inspectLinked,
  linkDistribution,
} from './setup/electron-folder.mjs';
import { installOfficial } from './setup/electron-official.mjs';
import { provideRegistryRuntime, registryRuntime } from './setup/electron-registry.mjs';
import { reportFailure, SetupError } from './setup/setup-error.mjs';

/** @typedef {'override' | 'linked' | 'official' | 'registry'} RuntimeSource */
/** @typedef {{ ok: true, executable: string, version: string | null }} Found */
/** @typedef {Found | { ok: false, reason: string }} Attempt */
/** @typedef {{ source: RuntimeSource, executable: string, version: string | null, refused: readonly string[] }} Runtime */
/** @typedef {(line: string) => void} Log */

/**
 * The sources to try, in order. An override stands alone: who names a runtime does not want another one.
 *
 * @param {{ override: string | undefined, platform: NodeJS.Platform, arch: string }} machine
 * @returns {readonly RuntimeSource[]}
 */
export function runtimeSources({ override, platform, arch }) {
  if (override) return ['override'];
  const fits = `${platform}-${arch}` === registryRuntime.target;
  return fits ? ['linked', 'official', 'registry'] : ['linked', 'official'];
}

/**
 * The first source that has a runtime, with what the earlier ones said.
 *
 * @param {readonly RuntimeSource[]} sources
 * @param {(source: RuntimeSource) => Promise<Attempt>} attempt
 * @returns {Promise<Runtime>}
 */
export async function firstRuntime(sources, attempt) {
  /** @type {string[]} */
  const refused = [];
  for (const source of sources) {
    const result = await attempt(source);
    if (result.ok) return { source, executable: result.executable, version: result.version, refused };
    refused.push(result.reason);
  }
  throw new SetupError(
    'no-electron',
    `No Electron could be had: ${refused.join('; ')}.`,
    'Unpack an Electron for this machine yourself and set ELECTRON_OVERRIDE_DIST_PATH to its folder.',
  );
}

/**
 * @param {Runtime} runtime
 * @returns {string} the one line
 */
export function describeRuntime({ source, executable, version, refused }) {
  const name = `Electron ${version ?? '(version unknown)'}`;
  switch (source) {
    case 'override':
      return `${name}: ${executable}, because ELECTRON_OVERRIDE_DIST_PATH says so.`;
    case 'linked':
      return `${name}: the one already in node_modules/electron.`;
    case 'official':
      return `${name}: the official download.`;
    case 'registry':
      return `${name}: from the npm package ${registryRuntime.package}, because ${refused.at(-1) ?? 'nothing else was tried'}.`;
  }
}

/**
 * @param {string | undefined} override
 * @returns {Attempt}
 */
function tryOverride(override = '') {
  const found = inspectDistribution(override);
  if (found) return { ok: true, ...found };
  return {
    ok: false,
    reason: `ELECTRON_OVERRIDE_DIST_PATH is ${override}, where there is no executable ${executableInside()}`,
  };
}

/** @returns {Attempt} */
function tryLinked() {
  const found = inspectLinked();
  return found ? { ok: true, ...found } : { ok: false, reason: `none in ${electronFolder}` };
}

/**
 * @param {Log} log
 * @returns {Promise<Attempt>}
 */
async function tryRegistry(log) {
  const { folder } = await provideRegistryRuntime({ log });
  linkDistribution(folder);
  return tryLinked();
}

/**
 * Needs the dependencies to be installed (see dependencies.mjs). Where no override is set, the runtime is also found
 * by whoever asks node_modules/electron afterwards: `require('electron')`, Playwright, electron-vite.
 *
 * @param {{ log: Log }} options
 */
export async function provideElectron({ log }) {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const sources = runtimeSources({ override, platform: process.platform, arch: process.arch });
  const runtime = await firstRuntime(sources, async (source) => {
    switch (source) {
      case 'override':
        return tryOverride(override);
      case 'linked':
        return tryLinked();
      case 'official':
        return installOfficial({ log });
      case 'registry':
        return tryRegistry(log);
    }
  });
  log(describeRuntime(runtime));
  return runtime;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await provideElectron({ log: console.log });
  } catch (error) {
    process.exitCode = reportFailure(error);
  }
}
