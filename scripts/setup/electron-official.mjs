import { join } from 'node:path';
import { electronFolder, inspectLinked, unlinkDistribution } from './electron-folder.mjs';
import { lastLines, runQuietly } from './run-command.mjs';

const officialHost = 'https://github.com/';
/** Longer only keeps people waiting behind a firewall that drops packets; shorter gives up on slow satellites. */
const reachWithinMs = 8_000;
/** After the host proved unreachable: time to unpack a copy that Electron's own download cache may hold. */
const graceMs = 7_000;

/**
 * Where Electron's installer will download from, by the variables that `@electron/get` honours.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export function downloadBase(environment) {
  return (
    environment['npm_config_electron_mirror'] ||
    environment['NPM_CONFIG_ELECTRON_MIRROR'] ||
    environment['npm_package_config_electron_mirror'] ||
    environment['ELECTRON_MIRROR'] ||
    officialHost
  );
}

/**
 * Any answer counts, even an error page: the installer itself says best what is wrong with it.
 *
 * @param {string} base
 * @returns {Promise<string | null>} why the host cannot be reached; null when it can
 */
async function whyUnreachable(base) {
  try {
    await fetch(new URL(base).origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(reachWithinMs),
    });
    return null;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    const cause =
      error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : error.name;
    return cause === 'TimeoutError' ? `no answer within ${reachWithinMs / 1000} s` : cause;
  }
}

/** @param {string} output of Electron's installer */
function complaintOf(output) {
  return (
    output
      .split('\n')
      .find((line) => /\bError\b/.test(line))
      ?.trim() ?? lastLines(output, 1)
  );
}

/**
 * Electron's own installer (`install-electron`): from its download cache, or from the network. Quiet, and does not
 * hang: where the host cannot be reached it gives up within seconds.
 *
 * @param {{ log: (line: string) => void }} options
 * @returns {Promise<import('../electron-runtime.mjs').Attempt>}
 */
export async function installOfficial({ log }) {
  unlinkDistribution();
  const base = downloadBase(process.env);
  const stopper = new AbortController();
  // With ELECTRON_GET_USE_PROXY the installer goes through a proxy, which our own question would not.
  const reachable = process.env['ELECTRON_GET_USE_PROXY'] ? Promise.resolve(null) : whyUnreachable(base);
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const installing = runQuietly(process.execPath, [join(electronFolder, 'install.js')], {
    signal: stopper.signal,
  }).finally(() => clearTimeout(timer));
  let isOver = false;
  void installing.then(() => (isOver = true));
  const unreachable = await reachable;
  if (!isOver) {
    if (unreachable === null) log('Electron: downloading the official one …');
    else timer = setTimeout(() => stopper.abort(), graceMs);
  }
  const { code, output } = await installing;
  const installed = code === 0 ? inspectLinked() : null;
  if (installed !== null) return { ok: true, ...installed };
  unlinkDistribution();
  const reason =
    unreachable === null
      ? `the official download failed (${complaintOf(output)})`
      : `the official download could not be reached (${new URL(base).host}: ${unreachable})`;
  return { ok: false, reason };
}
