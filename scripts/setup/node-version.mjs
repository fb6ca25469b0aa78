import { SetupError } from './setup-error.mjs';

const oldest = { major: 20, minor: 19 };

/**
 * Stops on a Node that is too old, before a dependency does with a message nobody understands.
 *
 * @param {string} version as in `process.versions.node`
 */
export function requireNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return;
  throw new SetupError(
    'node-too-old',
    `Corescope needs Node ${oldest.major}.${oldest.minor} or newer, and this is Node ${version} (${process.execPath}).`,
    'Install a newer Node (nodejs.org, nvm or your package manager) and run the command again.',
  );
}
