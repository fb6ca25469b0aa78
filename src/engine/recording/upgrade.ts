import { formatVersion } from './container.ts';

/** Makes the manifest block of one version what the next version would have written. */
export type Upgrade = (payload: unknown) => unknown;

/**
 * By the version that it starts from. A change of the format adds one entry here, one line to the changelog in
 * docs/recording-format.md, and a file of the version before to tests/fixtures/recordings. Frames need none while
 * their columns are told by name in the manifest block.
 */
const upgrades: Readonly<Record<number, Upgrade>> = {};

/** Takes the manifest block of an old file to this version, one step at a time: other code knows only the newest. */
export function upgradeManifest(
  payload: unknown,
  fromVersion: number,
  toVersion: number = formatVersion,
  steps: Readonly<Record<number, Upgrade>> = upgrades,
): unknown {
  let upgraded = payload;
  for (let version = fromVersion; version < toVersion; version += 1) {
    const step = steps[version];
    if (step === undefined) throw new Error(`no way from recording version ${version} to ${version + 1}`);
    upgraded = step(upgraded);
  }
  return upgraded;
}
