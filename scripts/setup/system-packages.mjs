/**
 * Which Debian packages a task needs and which of them are missing: decisions only, no effects (see apt.mjs).
 */

/**
 * @typedef {object} Need what the task at hand is going to do on this machine
 * @property {boolean} electron open windows
 * @property {boolean} virtualDisplay start Xvfb
 * @property {boolean} python there is no python3 on PATH
 * @property {boolean} processList there is no ps on PATH, and tests are to look for processes left behind
 * @property {boolean} compiler make the sampler's library, which it can do without
 * @property {boolean} font windows are to show text and no font is installed
 */

/** @typedef {readonly [string, ...string[]]} PackageNames one package under its names, the usual one first */

// Debian 13 and Ubuntu 24.04 renamed libraries when they widened time_t to 64 bits.
/** @type {readonly PackageNames[]} */
const electronPackages = [
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libnss3'],
  ['libasound2', 'libasound2t64'],
  ['libgbm1'],
  // Opened when it runs: without it Electron ends without a word.
  ['libx11-xcb1'],
];
/** @type {readonly PackageNames[]} */
const virtualDisplayPackages = [['xvfb'], ['xauth']];

/**
 * @param {Need} need
 * @returns {readonly PackageNames[]}
 */
export function neededPackages(need) {
  return [
    ...(need.virtualDisplay ? virtualDisplayPackages : []),
    ...(need.electron ? electronPackages : []),
    ...(need.python ? [/** @type {const} */ (['python3'])] : []),
    ...(need.processList ? [/** @type {const} */ (['procps'])] : []),
    ...(need.compiler ? /** @type {const} */ ([['gcc'], ['libc6-dev']]) : []),
    ...(need.font ? [/** @type {const} */ (['fonts-dejavu-core'])] : []),
  ];
}

/**
 * @param {string} listing of `dpkg-query -W -f='${Package} ${db:Status-Status}\n'`
 * @returns {ReadonlySet<string>} the packages that are wholly installed; removed ones leave a line, too
 */
export function parseInstalled(listing) {
  const lines = listing.split('\n').map((line) => line.trim().split(' '));
  return new Set(lines.flatMap(([name, status]) => (name && status === 'installed' ? [name] : [])));
}

/**
 * @param {string} policy output of `LC_ALL=C apt-cache policy NAME...`
 * @returns {ReadonlySet<string>} the names that apt could install now
 */
export function parseInstallable(policy) {
  const installable = new Set();
  let name = '';
  for (const line of policy.split('\n')) {
    if (/^\S.*:$/.test(line)) name = line.slice(0, -1);
    const candidate = /^ {2}Candidate: (.+)$/.exec(line)?.[1];
    if (candidate !== undefined && candidate !== '(none)') installable.add(name);
  }
  return installable;
}

/**
 * @param {readonly PackageNames[]} needed
 * @param {ReadonlySet<string>} installed
 */
export function missingPackages(needed, installed) {
  return needed.filter((names) => !names.some((name) => installed.has(name)));
}

/**
 * Gives each missing package the name it has on this system.
 *
 * @param {readonly PackageNames[]} missing
 * @param {ReadonlySet<string>} installable
 * @returns {{ names: string[], isComplete: boolean }} not complete: apt knows some package under none of its names
 *   (its lists are empty or old), which then goes by its usual one
 */
export function packageNamesHere(missing, installable) {
  const found = missing.map((names) => names.find((name) => installable.has(name)));
  return {
    names: missing.map((names, index) => found[index] ?? names[0]),
    isComplete: found.every((name) => name !== undefined),
  };
}

/** @param {readonly string[]} names */
export function installCommand(names) {
  return ['apt-get', 'install', '-y', '--no-install-recommends', ...names];
}
