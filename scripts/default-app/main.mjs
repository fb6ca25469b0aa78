/**
 * The application inside the runtime's `resources/default_app.asar`: it loads the application whose path is on the
 * command line. The registry-borne runtime comes without Electron's own, so this one stands in for it.
 *
 * It must be an ES module: Electron holds back `ready` until an ES module's top level has finished, and only so can
 * the application's main, imported below, still see it.
 */
import { app } from 'electron';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readLaunchArguments } from './launch-arguments.mjs';

/** @param {string} folder */
function readManifest(folder) {
  const path = join(folder, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/**
 * Calls one of the methods that Electron has for exactly this purpose, but not in its public types.
 *
 * @param {'setVersion' | 'setDesktopName' | 'setAppPath'} method `setDesktopName` is there on Linux only
 * @param {string} value
 */
function tellElectron(method, value) {
  /** @type {unknown} */
  const setter = Reflect.get(app, method);
  if (typeof setter === 'function') setter.call(app, value);
}

/** @param {string} path a folder with a package.json, or a script */
async function run(path) {
  const manifest = readManifest(path);
  if (manifest.version) tellElectron('setVersion', manifest.version);
  if (manifest.productName ?? manifest.name) app.setName(manifest.productName ?? manifest.name);
  tellElectron('setDesktopName', manifest.desktopName ?? `${app.getName()}.desktop`);
  const entry = createRequire(join(path, 'package.json')).resolve(path);
  tellElectron('setAppPath', existsSync(join(path, 'package.json')) ? path : dirname(entry));
  await import(pathToFileURL(entry).href);
}

/** @param {string} message */
function giveUp(message) {
  console.error(message);
  process.exit(1);
}

const launch = readLaunchArguments(process.argv.slice(1));
if (launch.version) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
} else if (launch.application === null) {
  giveUp('Give the path of the application to run: electron [switches] PATH [arguments]');
} else {
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const require = createRequire(join(process.cwd(), 'package.json'));
  for (const required of launch.required) require(required);
  try {
    await run(resolve(launch.application));
  } catch (error) {
    giveUp(
      `The application at ${resolve(launch.application)} could not be run:\n${error instanceof Error ? error.stack : error}`,
    );
  }
}
